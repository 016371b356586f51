"""An ERP behind a shared folder: documents are put there as files, what it has to tell is collected from there as files."""

from edi_gateway.erp.folder.connector import FolderErp
from edi_gateway.erp.folder.forms import FORMS, Form

__all__ = ["FORMS", "FolderErp", "Form"]
