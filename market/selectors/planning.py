"""What PostgreSQL's planner is told before it joins tables that it has not counted yet."""

from typing import Final

# Rows that a file has just brought have no statistics, and a plan that guesses one row where there are a
# hundred thousand loops over all of them for each. A merge along the index of one column does so too: all
# rows of a source share it. Hashing every key is linear whatever was guessed. For one transaction.
# The room for it is that of a file of a million rows, which else goes to disk and back at every step.
WHOLE_TABLES: Final = (
    "SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off;"
    " SET LOCAL work_mem = '128MB'"
)
