"""What a company has today: pandas and openpyxl, one workbook in, the default rules, a workbook a department out.

python todays_script.py WORKBOOK FOLDER FINDINGS AS_OF CALENDAR

Written by somebody who knows pandas, and without tricks: `read_excel` reads every sheet as text, checks are whole columns, and
`to_excel` writes what each department has to do. No history, no mails, no load notes. It prints how many findings there are;
FINDINGS has them all, to be compared.
"""

import sys
from datetime import date
from pathlib import Path

import pandas as pd

# What both programs know stands in the folder above; of two modules with one name, that of this folder is taken.
sys.path.append(str(Path(__file__).parents[1]))
import checks  # noqa: E402
import cleaning  # noqa: E402


def main(workbook: str, folder: str, findings: str, as_of: str, calendar: str) -> None:
    sheets = pd.read_excel(
        workbook, sheet_name=[table.sheet for table in checks.TABLES], dtype=str, na_filter=False, engine="openpyxl"
    )
    typed = {}
    for table in checks.TABLES:
        labels = {label: name for name, label in table.header.items()}
        typed[table.name] = cleaning.as_typed(sheets[table.sheet].rename(columns=labels)[list(table.header)])
    found = checks.Checks(typed, date.fromisoformat(as_of)).all(calendar)
    Path(folder).mkdir(exist_ok=True)
    # what has no department of the company's goes to the one that looks after all customers
    known = found["department"].isin(typed["employees"]["department"])
    for department, rows in found.groupby(found["department"].where(known, checks.SERVICE)):
        rows.to_excel(Path(folder) / f"{department}.xlsx", sheet_name="待办", index=False, engine="openpyxl")
    found.to_csv(findings, index=False)
    print(len(found))


main(*sys.argv[1:])
