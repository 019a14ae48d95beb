"""How long a five-page letter takes to read, against taking its text out of the PDF."""

from io import BytesIO
from pathlib import Path

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

from benchmarks import best_of, report
from offers.letter_files.pdf import extract_pdf
from offers.letters import read_letter

LETTERS = Path(__file__).parent.parent / "tests" / "reference" / "letters"
# Clauses of the kind that make a letter long, between the terms and the signature.
CLAUSES = (
    (
        "Confidential Information. You agree that during and after your employment you will hold in the"
        " strictest confidence, and will not use except for the benefit of the Company, any confidential"
        " information of the Company, its customers and its partners, whatever its form."
    ),
    (
        "Assignment of Inventions. You assign to the Company all inventions, works and discoveries that"
        " you make within the scope of your employment, and you will help, at the Company's expense, to"
        " secure the Company's rights in them in any and all countries."
    ),
    (
        "Dispute Resolution. Any dispute that arises out of this letter is settled by binding arbitration"
        " before a single arbitrator; each party bears its own costs and the arbitrator's fees are paid by"
        " the Company to the extent that the law requires it."
    ),
    (
        "Policies. You will comply with the Company's policies as they are in force from time to time,"
        " among them those on security, on conduct, on travel and on the use of its systems."
    ),
)
PAGES = 5


def five_pages() -> bytes:
    """Return the longest golden letter as a PDF, lengthened with clauses to five pages."""
    text = (LETTERS / "10-dunmarrow-director-applied-ai.txt").read_text("utf-8")
    *terms, signature = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
    style = getSampleStyleSheet()["BodyText"]
    for repeats in range(1, 40):
        paragraphs = [*terms, *(CLAUSES * repeats), signature]
        story: list[Flowable] = [
            item for words in paragraphs for item in (Paragraph(words, style), Spacer(1, 6))
        ]
        file = BytesIO()
        document = SimpleDocTemplate(file, pagesize=LETTER)
        document.build(story)
        if document.page == PAGES:
            return file.getvalue()
    raise RuntimeError("no number of clauses makes five pages")


def main() -> None:
    """Print both times and their ratio; the aim is under ten."""
    data = five_pages()
    extraction = extract_pdf(data)
    taking_out = best_of(lambda: extract_pdf(data), repeats=5)
    reading = best_of(
        lambda: read_letter(extraction.text, page_starts=extraction.page_starts), repeats=5
    )
    words = len(extraction.text.split())
    filled = sum(value not in (None, []) for value in read_letter(extraction.text).fields.values())
    report(
        f"letters: {PAGES} pages, {words} words, {filled} of 11 fields read (aim: under 10x)",
        [("text out of the PDF", taking_out, 1.0), ("read_letter", reading, reading / taking_out)],
        unit="the extraction",
    )


if __name__ == "__main__":
    main()
