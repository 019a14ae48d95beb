"""References of a table that is filled a hundred thousand rows at a time, checked once a statement.

A foreign key is checked row by row: for the eight of an observation that took longer than writing
the rows. These triggers hold the same rule for whole statements. What a row names must exist and is
locked against removal until the transaction ends; what is named by a row cannot be removed.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import pgtrigger

# Column → the table whose `id` it holds.
References = Mapping[str, str]

_RAISE: Final = (
    "RAISE EXCEPTION '% of % names no row of %', '{column}', TG_TABLE_NAME, '{table}'"
    " USING ERRCODE = 'foreign_key_violation';"
)


def named_rows_exist(references: References) -> Sequence[pgtrigger.Trigger]:
    """Return the triggers of the table with the columns: one for new rows, one for changed ones."""
    func = _named_rows_exist(references)
    return [
        pgtrigger.Trigger(
            name=f"references_{verb}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(new="written"),  # type: ignore[no-untyped-call]
            declare=[(f"{column}s", "bigint[]") for column in references],
            func=func,
        )
        for verb, operation in (("added", pgtrigger.Insert), ("changed", pgtrigger.Update))
    ]


def named_by_no_row(table: str, column: str) -> pgtrigger.Trigger:
    """Return the trigger of the table that is named: its rows stay while `table.column` has them."""
    return pgtrigger.Trigger(
        name=f"named_by_{column}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        referencing=pgtrigger.Referencing(old="removed"),  # type: ignore[no-untyped-call]
        func=f"""
            IF EXISTS (SELECT FROM {table} WHERE {column} IN (SELECT id FROM removed)) THEN
                RAISE EXCEPTION 'a row of % is named by {column} of {table}', TG_TABLE_NAME
                USING ERRCODE = 'foreign_key_violation';
            END IF;
            RETURN NULL;
        """,  # noqa: S608 -- names of our own tables
    )


def _named_rows_exist(references: References) -> str:
    columns = ", ".join(references)
    arrays = ", ".join(
        f"coalesce(array_agg(DISTINCT {column}) FILTER (WHERE {column} IS NOT NULL), '{{}}')"
        for column in references
    )
    checks = "\n".join(
        f"""
        IF cardinality({column}s) > (SELECT count(*) FROM (
            SELECT FROM {table} WHERE id = ANY({column}s) FOR KEY SHARE) found) THEN
            {_RAISE.format(column=column, table=table)}
        END IF;"""  # noqa: S608 -- as above
        for column, table in references.items()
    )
    return f"""
        SELECT {arrays} INTO {", ".join(f"{column}s" for column in references)}
        FROM (SELECT DISTINCT {columns} FROM written) alike;
        {checks}
        RETURN NULL;
    """  # noqa: S608 -- as above
