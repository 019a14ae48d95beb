"""The doors through which a letter comes in: files, or pasted text."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from offers.forms.fields import TextField
from offers.letter_files import MOST_CHARACTERS
from offers.services import Upload
from offers.services.letters import MOST_FILES

MOST_NAME: Final = 120


class FilesInput(forms.ClearableFileInput):
    """An input that takes several files, by its button or dropped on it."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; each of them is judged when it is read."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        chosen = data if isinstance(data, list | tuple) else [data]
        files = [super(FilesField, self).clean(file, initial) for file in chosen if file]
        if len(files) > MOST_FILES:
            raise ValidationError(
                f"Choose up to {MOST_FILES} files of one offer. Another offer is another letter."
            )
        return files


class LetterForm(forms.Form):
    """A letter as files, as text, or as both."""

    chosen = FilesField(
        label="Files",
        help_text="PDF, Word (.docx) or text, up to 10 MB and 60 pages each; several files of one offer.",
        widget=FilesInput({"accept": ".pdf,.docx,.txt,application/pdf,text/plain"}),
        allow_empty_file=True,
        required=False,
    )
    pasted = TextField(
        label="Or paste the text",
        help_text="An e-mail, or text copied from the letter.",
        max_length=MOST_CHARACTERS,
        rows=8,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.uploads:
            raise ValidationError("Choose a file, or paste the text of the letter.")
        return self.cleaned_data

    @property
    def uploads(self) -> list[Upload]:
        """Return what came, in the order in which it was given."""
        uploads = []
        for file in self.cleaned_data.get("chosen") or []:
            name = (file.name or "")[-MOST_NAME:]
            uploads.append(Upload(name=name, content=file.read(), size=file.size or 0))
            file.seek(0)
        pasted = str(self.cleaned_data.get("pasted") or "").encode("utf-8", "replace")
        if pasted.strip():
            uploads.append(
                Upload(name="Pasted text", content=pasted, size=len(pasted), is_pasted=True)
            )
        return uploads
