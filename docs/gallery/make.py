#!/usr/bin/env python3
"""Makes the pictures of the gallery out of the demo: `just gallery`, or docs/gallery/make.py HEDUI [FOLDER].

    make.py target/debug/hedui            writes the PNG files beside this one

Every picture is real output on made-up data: workbooks by LibreOffice, mails and the page by Chromium, mistakes as a
terminal shows them. Needs soffice, pdftoppm, pdftotext, chromium, script (util-linux), a Chinese font, and Pillow.
"""
import email
import email.policy
import html
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from PIL import Image, ImageChops

HERE = pathlib.Path(__file__).resolve().parent
BROWSER = HERE.parent.parent / "tests" / "services" / "browser.py"
AS_OF = "2026-11-22"
LARGEST = 3_000_000  # bytes of all pictures together
WEEK = "out/weekly/2026-W47"


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    folder = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else HERE)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        studio = Studio(program, pathlib.Path(scratch), folder)
        studio.company()
        studio.page()
        studio.mails()
        studio.mistake()
        studio.workbooks()
    size = sum(picture.stat().st_size for picture in folder.glob("*.png"))
    print(f"{len(list(folder.glob('*.png')))} pictures, {size // 1024} KiB")
    if size > LARGEST:
        sys.exit(f"more than {LARGEST} bytes")


class Studio:
    """A made-up company, and what takes pictures of it."""

    def __init__(self, program, scratch, folder):
        self.program, self.scratch, self.folder = program, scratch, folder
        self.workplace = scratch / "demo"

    def hedui(self, *arguments):
        environment = os.environ | {"LC_ALL": "zh_CN.UTF-8", "HOME": str(self.scratch), "NO_COLOR": ""}
        done = subprocess.run([self.program, "--as-of", AS_OF, *arguments], cwd=self.scratch, env=environment,
                              capture_output=True, text=True)
        if done.returncode not in (0, 3):
            sys.exit(f"{arguments}: {done.returncode}\n{done.stderr}")

    def company(self):
        self.hedui("demo", "demo", "--customers", "300")

    def workbooks(self):
        configuration = ["--config", "demo/hedui.toml"]
        self.hedui(*configuration, "run", "quarterly")
        self.hedui(*configuration, "verify", "issue", "--period", "2026Q4", "--all")
        week = self.pdf(f"{WEEK}/客户质量周报_华东销售部_2026W47.xlsx")
        self.sheet(week, "workbook-week", "客户数据质量周报")
        self.sheet(week, "workbook-to-do", "待办清单 · 共")
        analysis = self.pdf("out/quarterly/2026Q3/客户数据分析报告_2026Q3.xlsx")
        self.sheet(analysis, "analysis-amounts", "各季度合同金额")
        self.sheet(analysis, "analysis-rfm", r"RFM 分析\s+2026")
        self.sheet(self.pdf("out/verify/2026Q4/核对表_华东销售部_2026Q4.xlsx"), "verification-list", "核对结果")

    def pdf(self, workbook):
        path = self.workplace / workbook
        profile = (self.scratch / "office").as_uri()
        subprocess.run(["soffice", "--headless", "--convert-to", "pdf", f"-env:UserInstallation={profile}", "--outdir",
                        self.scratch, path], check=True, capture_output=True, timeout=180)
        return self.scratch / (path.stem + ".pdf")

    def sheet(self, pdf, name, words):
        """The first page that has these words, a pattern."""
        pages = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout.split("\f")
        number = next((number for number, page in enumerate(pages, 1) if re.search(words, page)), None)
        if number is None:
            sys.exit(f"{pdf.name}: no page with {words}")
        raw = self.scratch / name
        subprocess.run(["pdftoppm", "-png", "-r", "110", "-f", str(number), "-l", str(number), "-singlefile", pdf, raw], check=True)
        self.finish(raw.with_suffix(".png"), name)

    def mails(self):
        digest = self.mail(f"{WEEK}/service-digest_kefu@example.com.eml")
        self.shot(digest, "digest-mail", 860)
        self.shot(self.mail(f"{WEEK}/华东销售部_east@example.com.eml"), "phone-mail", 375)

    def mail(self, name):
        """The HTML part of a mail, below its subject, as mail programs show it."""
        message = email.message_from_bytes((self.workplace / name).read_bytes(), policy=email.policy.default)
        body = message.get_body(("html",)).get_content()
        head = f"<div style='font:15px sans-serif;padding:10px 8px;border-bottom:1px solid #ccc'><b>{html.escape(message['Subject'])}</b>" \
               f"<br><span style='color:#666'>{html.escape(str(message['From']))}</span></div>"
        body = re.sub(r"(<body[^>]*>)", lambda start: start.group(1) + head, body, count=1)
        page = self.scratch / (pathlib.Path(name).stem + ".html")
        page.write_text(body, encoding="utf-8")
        return page

    def page(self):
        self.shot(self.workplace / "out" / "index.html", "page", 1200, tallest=1278)

    def mistake(self):
        """hedui lint on a terminal, colours and all."""
        file = self.workplace / "rules" / "timeliness.toml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace('field = "updated_on"', 'field = "updatd_on"', 1), encoding="utf-8")
        line = f"stty cols 100; {self.program} --config demo/hedui.toml lint"
        environment = os.environ | {"TERM": "xterm-256color"}
        environment.pop("NO_COLOR", None)
        done = subprocess.run(["script", "-qec", line, "/dev/null"], cwd=self.scratch, env=environment, capture_output=True, text=True)
        file.write_text(text, encoding="utf-8")
        page = self.scratch / "lint.html"
        shown = "$ hedui lint\n" + done.stdout.replace("\r", "")
        page.write_text("<meta charset=utf-8><body style='margin:0;background:#1e1e1e'><pre style='margin:0;padding:16px;color:#ddd;"
                        "font:15px/1.45 \"DejaVu Sans Mono\",\"WenQuanYi Micro Hei Mono\",monospace'>" + coloured(shown) + "</pre>", encoding="utf-8")
        self.shot(page, "lint", 900)

    def shot(self, page, name, width, tallest=None):
        raw = self.scratch / f"{name}.png"
        asked = {"url": page.as_uri(), "width": width, "height": 200, "screenshot": str(raw)}
        answer = subprocess.run([sys.executable, BROWSER, json.dumps(asked)], check=True, capture_output=True, text=True).stdout
        addresses = [address for address in json.loads(answer)["requests"] if not address.startswith(("file:", "data:"))]
        if addresses:
            sys.exit(f"{name} asks for {addresses}")
        self.finish(raw, name, tallest)

    def finish(self, raw, name, tallest=None):
        """Without margins, not endless, in as few colours as do."""
        picture = Image.open(raw).convert("RGB")
        ground = picture.getpixel((picture.width - 1, picture.height - 1))
        left, top, right, bottom = ImageChops.difference(picture, Image.new("RGB", picture.size, ground)).getbbox()
        margin = 16
        picture = picture.crop((max(left - margin, 0), max(top - margin, 0), min(right + margin, picture.width),
                                min(bottom + margin, picture.height)))
        if tallest and picture.height > tallest:
            picture = picture.crop((0, 0, picture.width, tallest))
        picture.quantize(96, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(self.folder / f"{name}.png", optimize=True)


COLOURS = {"31": "#ff6b68", "32": "#7ec699", "33": "#e5c07b", "34": "#61afef", "35": "#d291e4", "36": "#56c8d8"}


def coloured(text):
    """The colours of a terminal as HTML."""
    out, is_open = [], False
    for part in re.split(r"(\x1b\[[0-9;]*m)", text):
        code = re.fullmatch(r"\x1b\[([0-9;]*)m", part)
        if not code:
            out.append(html.escape(part))
            continue
        if is_open:
            out.append("</span>")
            is_open = False
        codes = code.group(1).split(";")
        styles = [f"color:{COLOURS[code]}" for code in codes if code in COLOURS]
        styles += ["font-weight:bold"] if "1" in codes else []
        if styles:
            out.append(f"<span style='{';'.join(styles)}'>")
            is_open = True
    return "".join(out) + ("</span>" if is_open else "")


if __name__ == "__main__":
    main()
