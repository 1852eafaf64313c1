#!/usr/bin/env python3
"""Breaks rule files, one place at a time, and demands that lint tells every mistake at its line.

    mutate_rules.py BINARY FOLDER SEED NUMBER|all [--dictionary FILE] [--prune] [--only NAME]… [--json FILE]

Every .toml of FOLDER that lints clean is mutated; a file that does not is an error, or with --prune its rules that do
not are blanked first. NUMBER mutations are drawn evenly over classes and places; `all` runs every one, the seed then
only chooses the letters. The mutated file stands alone in the rules/ of a temporary workplace, over the built-in ones.

Exit 0: all told at their lines; 1: some are not, and stand in the report; 2: usage, or a file that is not clean.

It knows no rule and no TOML library: a scanner gives the places of keys and values, so that a mutation is a change of
text like a person's slip. What is no mistake is left out here, by the contracts of rules/README.md: optional keys,
blank numbers, names where they are defined, prose, and words that may be anything (departments, cells, values).
"""
import argparse
import bisect
import collections
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

CONDITIONS = {"where", "fails_when", "related_where"}
OPERANDS = {"detail"}
# Texts that may say anything: only their type and their quotes can be wrong.
PROSE = {"title", "why", "message", "advice", "topic", "pending", "out_of_reach", "label", "label_en", "quote",
         "article", "version"}
FREE = {"otherwise", "values", "patterns", "pattern", "aliases", "missing", "filled"}
TEXT_OR_BOTH = {"title", "why", "message", "advice", "topic", "pending", "out_of_reach"}
# A single text counts as a list of one.
LISTS = {"fields", "clauses", "persons", "rules", "identity", "patterns", "values", "aliases", "missing", "filled",
         "distinct", "within", "group", "parts"}
CHECKED_LISTS = {"fields", "clauses", "persons", "rules", "identity"}
FREE_KEYS = {"synonyms", "values"}          # inline tables whose keys are values
# Keys whose field is of a type, by the kind of check or by the block.
OF_TYPE = {
    "stale": {"field": "date"}, "recurring": {"field": "date"}, "deadline": {"from": "date", "field": "date"},
    "tier": {"date": "date", "amount": "decimal", "demand_field": "decimal", "rank_field": "decimal"},
    "approval": {"start": "date"}, "step": {"on": "date", "before": "date"},
}
WHOLE = {"age", "limit", "count", "notice", "runs"}
KEYWORDS = {"and", "or", "not", "in", "between", "is", "null", "true", "false", "as_of"}
DAYS = {"days", "working_days", "hours", "later", "earlier", "add_months", "year", "month"}
ON_TEXT = {"contains", "starts_with", "ends_with"}
FUNCTIONS = DAYS | ON_TEXT | {"missing", "has_column", "length"}
MUST = {
    (): {"missing"},
    ("rule",): {"id", "title", "table", "check", "severity", "dimension", "clauses", "message", "advice"},
    ("rule", "require"): {"fields"},
    ("rule", "join"): {"table", "figures"},
    ("rule", "tiers"): {"name", "years", "each_year", "single"},
    ("rule", "item"): {"field", "weight"},
    ("rule", "example"): {"expect", "rows"},
    ("pack",): {"id", "title"},
    ("document",): {"id", "title", "version"},
    ("clause",): {"id", "article", "quote", "priority"},
    ("conflict",): {"id", "topic", "clauses"},
    ("table",): {"name", "label"},
    ("table", "field"): {"name", "label"},
    ("customers",): {"table", "name", "department", "owner"},
    ("people",): {"table", "name", "department"},
}
MUST_BY_CHECK = {
    "stale": {"field"}, "deadline": {"from", "field"}, "format": {"field", "patterns"},
    "allowed_values": {"field", "values"}, "code": {"field", "code"}, "unique": {"field"}, "repeated": {"field"},
    "gaps": {"field", "pattern"}, "recurring": {"field"}, "reference": {"field", "to", "to_field"},
    "related_count": {"key", "related", "related_key", "at"}, "related": {"fails_when"},
    "tier": {"field", "key", "related", "related_key", "date", "amount", "otherwise"}, "doubtful": {"rules"},
    "compare": {"fails_when"}, "near_duplicate": {"field", "key"},
}
MUST_HAVE_BLOCK = {"required": "require", "related": "join", "approval": "step", "tier": "tiers", "scorecard": "item"}


# ---- where everything stands


class Node:
    """A value: its kind, its place, and what is in it."""

    def __init__(self, kind, start, end, children=()):
        self.kind, self.start, self.end, self.children = kind, start, end, list(children)


class Entry:
    """A key and its value: parts are (start, end, name)."""

    def __init__(self, parts, value):
        self.parts, self.value = parts, value


class Section:
    """A table header (or the head of the file) and the keys below it."""

    def __init__(self, path, parts, array, start, end):
        self.path, self.parts, self.array, self.start, self.end = path, parts, array, start, end
        self.entries, self.rule = [], None

    def get(self, name):
        return next((entry for entry in self.entries if entry.parts[0][2] == name), None)


class Scanner:
    """Sections of a TOML text."""

    BARE = re.compile(r"[A-Za-z0-9_-]+")
    DATE = re.compile(r"\d{4}-\d\d-\d\d")

    def __init__(self, text):
        self.text, self.at = text, 0

    def skip(self, stop=" \t\r\n"):
        while self.at < len(self.text):
            if self.text[self.at] in stop:
                self.at += 1
            elif self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                return

    def expect(self, sign):
        if not self.text.startswith(sign, self.at):
            raise ValueError(f"{sign!r} is wanted at {self.text[self.at:self.at + 30]!r}")
        self.at += len(sign)

    def sections(self):
        section = Section((), [], False, 0, 0)
        found = [section]
        while True:
            self.skip()
            if self.at >= len(self.text):
                return found
            if self.text[self.at] == "[":
                start, array = self.at, self.text.startswith("[[", self.at)
                self.expect("[[" if array else "[")
                parts = self.key()
                self.expect("]]" if array else "]")
                section = Section(tuple(part[2] for part in parts), parts, array, start, self.at)
                found.append(section)
            else:
                section.entries.append(self.entry())

    def key(self):
        parts = []
        while True:
            self.skip(" \t")
            start = self.at
            if self.text[start] in "\"'":
                node = self.string()
                parts.append((start, node.end, self.text[start + 1:node.end - 1]))
            else:
                match = self.BARE.match(self.text, start)
                if not match:
                    raise ValueError(f"a key is wanted at {self.text[start:start + 30]!r}")
                self.at = match.end()
                parts.append((start, self.at, match.group()))
            self.skip(" \t")
            if self.text[self.at] != ".":
                return parts
            self.at += 1

    def entry(self):
        parts = self.key()
        self.expect("=")
        self.skip(" \t")
        return Entry(parts, self.value())

    def string(self):
        start, quote = self.at, self.text[self.at]
        if self.text.startswith(quote * 3, start):
            self.at = self.text.index(quote * 3, start + 3) + 3
            return Node("long", start, self.at)
        self.at += 1
        while self.text[self.at] != quote:
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
        self.at += 1
        return Node("text", start, self.at)

    def value(self):
        start, sign = self.at, self.text[self.at]
        if sign in "\"'":
            return self.string()
        if sign == "[":
            self.at += 1
            items = []
            while True:
                self.skip(" \t\r\n,")
                if self.text[self.at] == "]":
                    self.at += 1
                    return Node("list", start, self.at, items)
                items.append(self.value())
        if sign == "{":
            self.at += 1
            entries = []
            while True:
                self.skip(" \t\r\n,")
                if self.text[self.at] == "}":
                    self.at += 1
                    return Node("table", start, self.at, entries)
                entries.append(self.entry())
        match = re.compile(r"[^\s,\]}#]+").match(self.text, start)
        self.at = match.end()
        word = match.group()
        kind = "bool" if word in ("true", "false") else "date" if self.DATE.match(word) else "number"
        return Node(kind, start, self.at)


class Rule:
    """What the mutations of a rule need to know of it."""

    def __init__(self, section):
        self.section, self.sections = section, [section]

    def word(self, text, name):
        entry = self.section.get(name)
        return inner(text, entry.value) if entry and entry.value.kind == "text" else ""

    def of(self, name):
        return [section for section in self.sections if section.path == ("rule", name)]


def inner(text, node):
    """What stands between the quotes."""
    return text[node.start + 1:node.end - 1]


def texts(text, node):
    if node.kind == "text":
        return [inner(text, node)]
    return [inner(text, child) for child in node.children if child.kind == "text"] if node.kind == "list" else []


# ---- what may be named


class Names:
    """Tables, fields and their types, of the dictionary; the packs of all files."""

    def __init__(self, dictionary):
        self.tables, self.labels, self.fields, self.packs = {}, {}, set(), {}
        table = None
        for section in Scanner(dictionary).sections():
            if section.path == ("table",):
                name, label = (inner(dictionary, section.get(key).value) for key in ("name", "label"))
                table = self.tables.setdefault(name, {})
                self.labels[name] = label
                inline = section.get("field")
                for node in inline.value.children if inline else ():
                    self.field(dictionary, table, node.children)
            elif section.path == ("table", "field"):
                self.field(dictionary, table, section.entries)
        for table in self.tables.values():
            self.fields |= set(table)

    @staticmethod
    def field(dictionary, table, entries):
        word = {entry.parts[0][2]: texts(dictionary, entry.value) for entry in entries}
        for name in word["name"] + word["label"] + word.get("label_en", []) + word.get("aliases", []):
            table.setdefault(name, word.get("type", ["text"])[0])

    def table(self, written):
        if written in self.tables:
            return self.tables[written]
        return next((self.tables[name] for name, label in self.labels.items() if label == written), {})


def misspelt(word, taken, dice):
    """The word with a slip: two letters swapped, one left out, one doubled."""
    slips = []
    for at in range(len(word)):
        slips.append(word[:at] + word[at + 1:])
        slips.append(word[:at + 1] + word[at:])
        if at + 1 < len(word) and word[at] != word[at + 1]:
            slips.append(word[:at] + word[at + 1] + word[at] + word[at + 2:])
    dice.shuffle(slips)
    for slip in slips:
        if slip and slip not in taken and slip != word and not slip[0].isdigit() and slip == slip.strip():
            return slip
    return word + "x"


# ---- what can be broken


Mutation = collections.namedtuple("Mutation", "kind where file line start end new lines")


class Mutator:
    """All mutations of one file."""

    def __init__(self, name, text, names, ids, clauses, dice):
        self.name, self.text, self.names, self.ids, self.clauses, self.dice = name, text, names, ids, clauses, dice
        self.sections = Scanner(text).sections()
        self.found = []
        self.starts = [0] + [at + 1 for at, sign in enumerate(text) if sign == "\n"]
        self.keys = {part[2] for section in self.sections for entry in section.entries for part in entry.parts}
        self.keys |= {part for path in MUST.values() for part in path} | set().union(*MUST_BY_CHECK.values())
        self.words = {word for section in self.sections for entry in section.entries
                      for word in texts(text, entry.value)}
        rule = None
        for section in self.sections:
            if section.path == ("rule",):
                rule = Rule(section)
            elif section.path[:1] == ("rule",) and rule:
                rule.sections.append(section)
            section.rule = rule if section.path[:1] == ("rule",) else None

    def line(self, at):
        low, high = 0, len(self.starts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.starts[middle] <= at else (low, middle)
        return low + 1

    def add(self, kind, where, start, end, new, *more):
        line = self.line(start)
        if self.text[start:end] != new:
            lines = frozenset({line, *more})
            self.found.append(Mutation(kind, where, self.name, line, start, end, new, lines))

    def slip(self, kind, where, start, end, taken, *more):
        word = self.text[start:end]
        self.add(kind, where, start, end, misspelt(word, taken, self.dice), *more)

    def all(self):
        seen = {}
        for section in self.sections:
            self.header(section)
            self.missing(section)
            earlier = None
            for entry in section.entries:
                path = section.path + tuple(part[2] for part in entry.parts)
                self.key(section, entry, section.path)
                if earlier and len(entry.parts) == 1 and section.path != ("rule", "parameters"):
                    start, end, _ = entry.parts[0]
                    self.add("double key", shown(path), start, end, earlier)
                earlier = entry.parts[0][2] if len(entry.parts) == 1 else earlier
                self.value(section, entry.value, path, self.line(entry.parts[0][0]), False)
            self.double(section, seen)
        self.double_label()
        return self.found

    # -- headers and keys

    def header(self, section):
        for start, end, _ in section.parts:
            self.slip("misspelt key", shown(section.path) + " header", start, end, self.keys | set(section.path))
        if not section.parts:
            return
        own = section.parts[-1]
        # The second of two places cannot both be right: TOML tells the next header of the same name, or below it.
        later = [other for other in self.sections if other.start > section.start]
        after = [self.line(other.start) for other in later if other.path == section.path][:1]
        after += [self.line(other.start) for other in later if other.path[:len(section.path)] == section.path][:1]
        written = self.text[section.parts[0][0]:own[1]]
        other = f"[{written}]" if section.array else f"[[{written}]]"
        self.add("wrong type", shown(section.path) + " header", section.start, section.end, other, *after)

    def key(self, section, entry, path):
        for at, (start, end, name) in enumerate(entry.parts):
            above = path + tuple(part[2] for part in entry.parts[:at])
            if above and above[-1] in FREE_KEYS:
                continue
            taken, kind = self.keys, "misspelt key"
            if above == ("rule", "parameters") or above[-2:] == ("example", "parameters"):
                kind, taken = "misspelt parameter", self.parameters(section.rule)
            elif above[-1:] == ("figures",):
                kind, taken = "misspelt figure", self.names.fields
            elif above[-2:] == ("example", "tables"):
                kind, taken = "misspelt table", set(self.names.tables) | self.keys
            elif above[-2:] in (("example", "rows"), ("example", "before")) or above[1:3] == ("example", "tables"):
                kind, taken = "misspelt field", self.names.fields
            word = self.text[start:end]
            if word[0] in "\"'":
                start, end = start + 1, end - 1
            self.slip(kind, shown(above + (name,)) if kind != "misspelt field" else shown(above) + " field",
                      start, end, taken)

    def parameters(self, rule):
        return {entry.parts[0][2] for section in rule.of("parameters") for entry in section.entries} if rule else set()

    # -- keys that must be there

    def missing(self, section):
        must = set(MUST.get(section.path, ()))
        if section.path in (("customers",), ("people",)):
            last = section.entries[-1].value.end
            self.add("missing key", shown(section.path) + " block", section.start, last,
                     commented(self.text[section.start:last]), 1, 2, 3)
        if section.path == ():
            must = must if section.get("missing") else set()
        rule = section.rule
        own = {self.line(section.start)}
        if rule:
            own |= self.rule_lines(rule)
        if section.path == ("rule",):
            check = rule.word(self.text, "check")
            must |= MUST_BY_CHECK.get(check, set())
            self.missing_block(rule, MUST_HAVE_BLOCK.get(check))
        if section.path == ("rule", "tiers"):
            # a bound that is not written is not demanded; the number left over is told at its own line
            must -= {"each_year", "single"}
        for entry in section.entries:
            start, end, name = entry.parts[0]
            path = section.path + (name,)
            if name in must and len(entry.parts) == 1:
                lines = own if section.path else set(range(1, 4))
                whole = self.text[start:entry.value.end]
                self.add("missing key", shown(path), start, entry.value.end, commented(whole), *lines)
                empty = {"text": '""', "list": "[]", "table": "{}"}.get(entry.value.kind)
                if empty and path != ("rule", "clauses") and path != ("missing",):
                    self.add("empty value", shown(path), entry.value.start, entry.value.end, empty, *own)
            if entry.value.kind == "table" and name in TEXT_OR_BOTH:
                for child in entry.value.children:
                    self.leave_out(entry.value, child, path, own | {self.line(start)})
            for node in entry.value.children if path == ("table", "field") and entry.value.kind == "list" else ():
                for child in node.children:
                    if child.parts[0][2] in MUST["table", "field"]:
                        self.leave_out(node, child, path, {self.line(start)})
            if entry.value.kind == "list" and path == ("rule", "example", "rows"):
                whole = entry.value
                self.add("missing key", "rule.example.rows empty", whole.start, whole.end, "[]",
                         *own, self.line(start))

    def leave_out(self, table, child, path, lines):
        start, end = child.parts[0][0], child.value.end
        comma = re.compile(r"\s*,\s*").match(self.text, end)
        if comma:
            end = comma.end()
        elif table.children[0] is not child:
            start = table.children[table.children.index(child) - 1].value.end
        self.add("missing key", shown(path + (child.parts[0][2],)), start, end, "", *lines)

    def missing_block(self, rule, name):
        blocks = rule.of(name) if name else []
        if not blocks:
            return
        start = blocks[0].start
        last = max(section.entries[-1].value.end if section.entries else section.end
                   for section in rule.sections if section.path[:2] == ("rule", name))
        between = [section for section in rule.sections
                   if start <= section.start < last and section.path[:2] != ("rule", name)]
        if not between:
            self.add("missing key", f"rule.{name} blocks", start, last, commented(self.text[start:last]),
                     *self.rule_lines(rule))

    def rule_lines(self, rule):
        entry = rule.section.get("id")
        return {self.line(rule.section.start)} | ({self.line(entry.parts[0][0])} if entry else set())

    # -- ids

    def double(self, section, seen):
        name = {("rule",): "id", ("clause",): "id", ("conflict",): "id", ("document",): "id", ("pack",): "id",
                ("table",): "name", ("table", "field"): "name"}.get(section.path)
        entry = section.get(name) if name else None
        if section.path == ("table",):
            seen.pop(("table", "field"), None)
        if not entry or entry.value.kind != "text":
            return
        word, others = inner(self.text, entry.value), seen.setdefault(section.path, [])
        start, end = entry.value.start + 1, entry.value.end - 1
        where = shown(section.path + (name,))
        if others:
            self.add("double id", where, start, end, self.dice.choice(others))
        if section.path == ("rule",):
            abroad = sorted(rule for file, rules in self.ids.items() if file != self.name for rule in rules)
            if abroad:
                self.add("double id", where + " of another file", start, end, self.dice.choice(abroad))
        packs = sorted(pack for file, pack in self.names.packs.items() if file != self.name)
        if section.path == ("pack",) and packs:
            self.add("double id", where + " of another file", start, end, self.dice.choice(packs))
        if section.path == ("clause",):
            self.add("value off the list", where + " document", start, start + 1, "Z")
        others.append(word)
        inline = section.get("field") if section.path == ("table",) else None
        names = []
        for node in inline.value.children if inline else ():
            name = next((child.value for child in node.children if child.parts[0][2] == "name"), None)
            if name and names:
                self.add("double id", "table.field.name inline", name.start + 1, name.end - 1,
                         self.dice.choice(names), self.line(inline.parts[0][0]))
            if name:
                names.append(inner(self.text, name))

    def double_label(self):
        """A label or alias that another field of the table has, or another table."""
        tables, fields = [], []
        for section in self.sections:
            if section.path == ("table",):
                label = section.get("label")
                fields = []
                if label and tables:
                    self.add("double label", "table.label", label.value.start, label.value.end,
                             self.dice.choice(tables))
                if label:
                    tables.append(self.text[label.value.start:label.value.end])
                inline = section.get("field")
                for node in inline.value.children if inline else ():
                    self.field_labels(node.children, fields)
            elif section.path == ("table", "field"):
                self.field_labels(section.entries, fields)

    def field_labels(self, entries, known):
        own = []
        for entry in entries:
            nodes = {"label": [entry.value], "aliases": entry.value.children}.get(entry.parts[0][2], [])
            for node in nodes:
                if known:
                    self.add("double label", "table.field." + entry.parts[0][2], node.start, node.end,
                             self.dice.choice(known), self.line(entry.parts[0][0]))
                own.append(self.text[node.start:node.end])
        known += own

    # -- values

    def value(self, section, node, path, key_line, inside):
        """A value under a path; inside: it is one of a list."""
        name = path[-1]
        cell = path[1:3] in (("example", "rows"), ("example", "before"), ("example", "tables")) and len(path) > 3
        self.types(node, path, key_line, inside, cell)
        if node.kind == "list":
            for child in node.children:
                self.value(section, child, path, key_line, True)
        elif node.kind == "table":
            for child in node.children:
                self.key(section, child, path)
                below = path + tuple(part[2] for part in child.parts)
                self.value(section, child.value, below, key_line, False)
        elif node.kind == "text":
            start, end = node.start, node.end
            where = shown(path[:4]) if cell else shown(path)
            where = shown(path[:3]) + " cell" if cell else where
            self.add("unclosed quote", where, end - 1, end, "", key_line)
            self.add("unclosed quote", where + " opening", start, start + 1, "", key_line)
            if not cell:
                self.word(section, node, path, key_line)
        elif node.kind == "number" and path[:2] == ("rule", "parameters") and (
                name in WHOLE or (name == "value" and path[-2] in WHOLE)):
            # a number that conditions name may be any number
            number = path[2]
            rule = self.text[self.text.rfind("[[rule]]", 0, node.start):node.start]
            for new in () if f":{number}" in rule else ("2.5", "-3", "99999999999"):
                self.add("number not whole", shown(path), node.start, node.end, new, key_line)

    def types(self, node, path, key_line, inside, cell):
        written, name = self.text[node.start:node.end], path[-1]
        variants = []
        if node.kind == "text":
            if not cell:
                variants.append(("number", "7"))
                variants.append(("boolean", "true"))
            if name not in LISTS or inside:
                variants.append(("list", f"[{written}]"))
            variants.append(("table", "{ x = 1 }"))
        elif node.kind == "list":
            variants += [("number", "7"), ("table", "{ x = 1 }")]
            if any(child.kind == "table" for child in node.children):
                first = node.children[0]
                variants += [("text", '"x"'), ("table", self.text[first.start:first.end]),
                             ("list", '["x"]')]
            elif name in CHECKED_LISTS and node.children:
                joined = ", ".join(texts(self.text, node))
                variants.append(("text", f'"{joined}, x"'))
        elif node.kind == "number":
            variants += [("list", f"[{written}]"), ("table", f"{{ x = {written} }}")]
            if not cell:
                variants += [("text", f'"{written}"'), ("boolean", "true")]
        elif node.kind == "bool":
            variants += [("text", f'"{written}"'), ("number", "1"), ("list", f"[{written}]")]
        elif node.kind == "date":
            variants += [("number", "7"), ("list", f"[{written}]")]
        elif node.kind == "table":
            variants.append(("list", f"[{written}]"))
            if name not in TEXT_OR_BOTH:
                variants.append(("text", '"x"'))
            if path[:2] != ("rule", "parameters"):
                variants.append(("number", "7"))
        where = shown(path[:3]) + " cell" if cell and node.kind not in ("list", "table") else shown(path)
        for given, new in variants:
            self.add("wrong type", f"{where}: {given} for {node.kind}", node.start, node.end, new, key_line)

    def word(self, section, node, path, key_line):
        text, name, rule = inner(self.text, node), path[-1], section.rule
        start, end, where = node.start + 1, node.end - 1, shown(path)
        prose = PROSE & set(path[1:])
        if prose:
            if prose & {"message", "advice"}:
                self.places(text, start, where, rule, key_line)
            return
        if name in CONDITIONS | OPERANDS and rule:
            self.condition(section, node, path, key_line)
        elif path[-2:-1] == ("figures",):
            self.figure(section, node, path, key_line)
        elif name in ("as_of", "effective_from", "effective_to"):
            self.add("wrong type", where + ": no date", start, end, "2026-13-45", key_line)
        elif path[-2:-1] == ("synonyms",):
            self.add("value off the list", where, start, end, misspelt(text, {""}, self.dice) + "x", key_line)
        elif name in FREE or (name in ("id", "name") and not path[0] in ("customers", "people")) or not text:
            if name in ("patterns", "pattern"):
                self.add("ill-typed condition", where + " pattern", start, start, "(", key_line)
        elif name == "check":
            self.slip("misspelt check", where, start, end, self.words | set(MUST_BY_CHECK), key_line)
            self.add("misspelt check", where + " capital", start, end, text.capitalize(), key_line)
        elif name == "clauses":
            self.slip("value off the list", where, start, end, self.clauses, key_line)
            self.add("value off the list", where + " small letter", start, end, text.lower(), key_line)
            self.add("value off the list", where + " space", start, end, text + " ", key_line)
        elif text in self.parameters(rule):
            self.slip("misspelt parameter", where, start, end, self.parameters(rule), key_line)
        elif name == "table" or (name in ("related", "to") and text in self.names.tables):
            if text != "*":
                self.slip("misspelt table", where, start, end, set(self.names.tables), key_line)
                self.add("misspelt table", where + " capital", start, end, text.capitalize(), key_line)
        elif text in self.names.fields and name not in ("code", "route"):
            block = section.path[1] if len(section.path) > 1 else rule.word(self.text, "check") if rule else ""
            wanted = OF_TYPE.get(block, {}).get(name)
            table = self.names.table(rule.word(self.text, "related" if name in ("date", "amount") else "table")) \
                if wanted else {}
            if some(table, {"text"}):
                self.add("wrong field type", f"{where} text for {wanted}", start, end, some(table, {"text"}), key_line)
            if wanted == "date" and some(table, {"decimal"}):
                self.add("wrong field type", f"{where} number for date", start, end, some(table, {"decimal"}), key_line)
            self.slip("misspelt field", where, start, end, self.names.fields, key_line)
            self.add("misspelt field", where + " space", start, end, text + " ", key_line)
            if text.isascii() and text.capitalize() not in self.names.fields:
                self.add("misspelt field", where + " capital", start, end, text.capitalize(), key_line)
        elif re.fullmatch(r"[a-z_-]+", text):
            kind = "value off the list"
            self.slip(kind, where, start, end, self.words | {""}, key_line)
            self.add(kind, where + " capital", start, end, text.capitalize(), key_line)
            self.add(kind, where + " space", start, end, text + " ", key_line)
            self.add(kind, where + " empty", start, end, "", key_line)

    def places(self, text, start, where, rule, key_line):
        for match in re.finditer(r"\{(\w+)\}", text):
            name = match.group(1)
            at, end = start + match.start(), start + match.end()
            taken = {"field", "value", "detail"} | self.parameters(rule)
            self.slip("misspelt place", where, at + 1, end - 1, taken, key_line)
            self.add("misspelt place", where + " capital", at + 1, end - 1, name.capitalize(), key_line)
            self.add("misspelt place", where + " space", at + 1, end - 1, name + " ", key_line)
            self.add("unclosed place", where, end - 1, end, "", key_line)
            self.add("unclosed place", where + " opening", at, at + 1, "", key_line)

    # -- figures and conditions

    def figures(self, rule):
        kinds = {}
        for join in rule.of("join"):
            entry, of = join.get("figures"), join.get("table")
            table = self.names.table(inner(self.text, of.value)) if of else {}
            for figure in entry.value.children if entry else ():
                match = re.fullmatch(r"(\w+)\((.*)\)", inner(self.text, figure.value).strip())
                how, of = match.groups() if match else ("count", "")
                kind = "decimal" if how in ("count", "sum", "distinct") else table.get(of.strip(), "text")
                kinds[figure.parts[0][2]] = kind
        return kinds

    def table_of(self, section, name):
        """Fields and their types where a condition stands."""
        rule = section.rule
        own = self.names.table(rule.word(self.text, "table"))
        if not own:
            own = next(iter(self.names.tables.values()))
        if section.path == ("rule", "join"):
            entry = section.get("table")
            return self.names.table(inner(self.text, entry.value)) if entry else {}
        if name == "related_where":
            return self.names.table(rule.word(self.text, "related"))
        return {**own, **self.figures(rule)}

    def figure(self, section, node, path, key_line):
        text, where = inner(self.text, node), shown(path[:3])
        match = re.fullmatch(r"(\s*)(\w+)\((.*)\)", text)
        if not match:
            return
        table, start = self.table_of(section, "where"), node.start + 1
        how, of = match.group(2), match.group(3)
        self.slip("misspelt function", where, start + match.start(2), start + match.end(2),
                  {"count", "sum", "min", "max", "first", "last", "distinct"}, key_line)
        at, end = start + match.start(3), start + match.end(3)
        if of:
            self.slip("misspelt field", where, at, end, self.names.fields, key_line)
            self.add("ill-typed condition", where + " no field", at, end, "", key_line)
        else:
            self.add("ill-typed condition", where + " field too many", at, end, some(table, {"text"}) or "x", key_line)
        if how == "sum":
            self.add("ill-typed condition", where + " sum of text", at, end, some(table, {"text"}) or "x", key_line)
        self.add("ill-typed condition", where + " bracket", end, end + 1, "", key_line)

    TOKEN = re.compile(r"""(?P<space>\s+)|(?P<text>'(?:[^']|'')*')|(?P<quoted>\\?"[^"\\]*\\?")|(?P<param>:\w+)"""
                       r"""|(?P<number>\d+(?:\.\d+)?)|(?P<word>\w+)|(?P<op><>|<=|>=|=|<|>)|(?P<sign>[-+*/])"""
                       r"""|(?P<open>\()|(?P<close>\))|(?P<comma>,)|(?P<other>.)""")

    def condition(self, section, node, path, key_line):
        name, base, where = path[-1], node.start + 1, shown(path)
        text, kind = inner(self.text, node), "ill-typed condition"
        if not text:
            return
        table = self.table_of(section, name)
        taken = self.names.fields | set(table) | KEYWORDS | FUNCTIONS
        tokens = [match for match in self.TOKEN.finditer(text) if match.lastgroup != "space"]
        literal = self.text[node.start] == "'"

        def put(sort, what, match, new):
            self.add(sort, f"{where} {what}", base + match.start(), base + match.end(), new, key_line)

        stack = []
        for at, token in enumerate(tokens):
            word, group = token.group(), token.lastgroup
            before = tokens[at - 1] if at else None
            after = tokens[at + 1] if at + 1 < len(tokens) else None
            if group == "open":
                stack.append(before.group().lower() if before and before.lastgroup == "word" else "")
                put(kind, "bracket", token, "")
            elif group == "close":
                if stack:
                    stack.pop()
                put(kind, "bracket", token, "")
            elif group == "comma":
                put(kind, "comma", token, " ")
            elif group == "op":
                put(kind, "operator", token, {"<>": "><", "=": "= =", "<": "<<", ">": ">>"}.get(word, word[::-1]))
            elif group == "number":
                if not literal:
                    put(kind, "text for number", token, "'x'")
                put(kind, "letters in number", token, word + "x")
            elif group == "text":
                put(kind, "number for text", token, "7")
                if re.fullmatch(r"'\d{4}-\d\d-\d\d'", word):
                    put(kind, "no date", token, "'2026-13-45'")
                    put(kind, "unquoted date", token, word.strip("'"))
                put("unclosed quote", "SQL", token, word[:-1])
                put("unclosed quote", "SQL opening", token, word[1:])
            elif group == "param":
                own = self.parameters(section.rule)
                put(kind, "question mark", token, "?")
                put("misspelt parameter", "", token, ":" + misspelt(word[1:], own, self.dice))
                if not literal:
                    put(kind, "text for parameter", token, "'x'")
            elif group == "quoted":
                edge = 2 if word.startswith("\\") else 1
                put("misspelt field", "", token,
                    word[:edge] + misspelt(word[edge:-edge], taken, self.dice) + word[-edge:])
            elif group == "word" and after and after.lastgroup == "open" and word.lower() not in KEYWORDS:
                self.call(tokens, at, put, taken)
            elif group == "word" and word.lower() in KEYWORDS:
                put(kind, "keyword", token, misspelt(word, taken, self.dice))
            elif group == "word":
                put("misspelt field", "", token, misspelt(word, taken, self.dice))
                self.other_type(table, token, before, after, stack, put)
        whole = re.compile(re.escape(text)).match(text)
        put(kind, "empty", whole, "")
        put(kind, "comment", whole, text + " -- x")
        put(kind, "more", whole, text + (" and" if name in CONDITIONS else " ="))
        if name in CONDITIONS:
            put(kind, "no condition", whole, some(table, {"text"}) or "as_of")
        else:
            put(kind, "no value", whole, f"{text} = {text}")

    def call(self, tokens, at, put, taken):
        """A function: its name and how many values it is given."""
        token = tokens[at]
        put("misspelt function", "", token, misspelt(token.group(), taken, self.dice))
        put("ill-typed condition", "distinct", tokens[at + 1], "(distinct ")
        depth, commas = 0, []
        for other in tokens[at + 1:]:
            depth += (other.lastgroup == "open") - (other.lastgroup == "close")
            if depth == 1 and other.lastgroup == "comma":
                commas.append(other)
            if depth == 0:
                put("ill-typed condition", "value too many", other, ", as_of)")
                if commas:
                    span = re.compile(r".*", re.S).match(token.string, commas[-1].start(), other.start())
                    put("ill-typed condition", "value too few", span, "")
                return

    def other_type(self, table, token, before, after, stack, put):
        """A field of another type in its place, where that cannot be meant."""
        own = table.get(token.group())
        function = stack[-1] if stack else ""
        compared = [other for other in (before, after) if other is not None and other.lastgroup == "op"]
        chosen = after is not None and after.group().lower() in ("in", "between")
        shifted = after is not None and after.lastgroup == "sign"
        if own is None:
            return
        if function in DAYS or shifted:
            wanted = {"text"}
        elif function in ON_TEXT:
            wanted = {"decimal", "date"}
        elif compared or chosen:
            wanted = {"date", "datetime"} if own == "decimal" else {"decimal"}
        else:
            return
        new = some(table, wanted)
        if new:
            put("ill-typed condition", f"{table[new]} for {own}", token, new)
        if function == "hours" and some(table, {"date"}):
            put("ill-typed condition", "date for datetime", token, some(table, {"date"}))


def some(table, kinds):
    """A field of one of some types whose name can stand in a condition as it is."""
    return next((name for name, kind in table.items() if kind in kinds and re.fullmatch("[a-z][a-z_]*", name)), None)


def shown(path):
    """The path, with a star for names that the analyst chose: places of one kind are drawn as one."""
    chosen = {"figures", "parameters", "tables", "rows", "before", "synonyms", "values", "parts"}
    return ".".join("*" if at and path[at - 1] in chosen else part for at, part in enumerate(path)) or "file"


def commented(text):
    return "\n".join("# " + line for line in text.split("\n"))


# ---- running


class Lint:
    """The program over one mutated file."""

    def __init__(self, binary):
        self.binary = os.path.abspath(binary)
        self.free = []
        self.environment = {name: value for name, value in os.environ.items()
                            if name not in ("RUST_BACKTRACE", "RUST_LOG", "LC_MESSAGES")}
        self.environment.update(LC_ALL="en_US.UTF-8", NO_COLOR="1")

    def workplace(self, parent):
        folder = tempfile.mkdtemp(dir=parent)
        os.mkdir(os.path.join(folder, "rules"))
        with open(os.path.join(folder, "hedui.toml"), "w", encoding="utf-8") as handle:
            handle.write('[company]\nname = "x"\nlanguage = "en"\n')
        self.free.append(folder)

    def run(self, name, text, empty=()):
        """Exit code, and problems or what was said; the files named in `empty` are overlaid by nothing."""
        folder = self.free.pop()
        files = {**dict.fromkeys(empty, ""), name: text}
        paths = [os.path.join(folder, "rules", file) for file in files]
        try:
            for path, written in zip(paths, files.values()):
                with open(path, "w", encoding="utf-8", newline="") as handle:
                    handle.write(written)
            done = subprocess.run([self.binary, "lint", "--config", os.path.join(folder, "hedui.toml"),
                                   "--format", "json"], capture_output=True, env=self.environment, cwd=folder,
                                  stdin=subprocess.DEVNULL, timeout=120)
        finally:
            for path in paths:
                os.unlink(path)
            self.free.append(folder)
        try:
            problems = json.loads(done.stdout.decode())
        except ValueError:
            problems = None
        return done.returncode, problems, done.stderr.decode(errors="replace")


class Alone:
    """Rules by themselves, everything around them blanked: told there is told, and much sooner."""

    def __init__(self, lint, files, packs):
        self.lint, self.files, self.packs = lint, files, packs
        self.heads = {name: [match.start() for match in re.finditer(r"(?m)^\[\[rule\]\]", text)]
                      for name, text in files.items()}
        self.clean = {}

    def told(self, mutation):
        """Whether the mistake is told at its line with its rule alone; False also where that is no way to ask."""
        text = self.files[mutation.file]
        line = text[text.rfind("\n", 0, mutation.start) + 1:text.find("\n", mutation.start)]
        # What reaches beyond the rule: quotes that run on, names of other rules, headers, ids.
        if mutation.kind in ("unclosed quote", "double id") or re.match(r"(replaces|rules)\b|\[", line):
            return False
        at = bisect.bisect_right(self.heads[mutation.file], mutation.start) - 1
        if at < 0:
            return False
        heads = self.heads[mutation.file]
        first, last = heads[at], heads[at + 1] if at + 1 < len(heads) else len(text)
        before, after = "\n" * text.count("\n", 0, first), ""
        empty = self.packs - {mutation.file}
        if (mutation.file, at) not in self.clean:
            # Reports that name the rules blanked are told of too, in their own files.
            _, problems, _ = self.lint.run(mutation.file, before + text[first:last] + after, empty)
            self.clean[mutation.file, at] = problems is not None and not any(
                problem["file"].startswith("rules/") for problem in problems)
        if not self.clean[mutation.file, at] or mutation.end > last:
            return False
        changed = text[first:mutation.start] + mutation.new + text[mutation.end:last]
        code, problems, talk = self.lint.run(mutation.file, before + changed + after, empty)
        return (code == 2 and problems is not None and "internal error" not in talk
                and any(problem["file"] == f"rules/{mutation.file}" and problem["line"] in mutation.lines
                        for problem in problems))


def judged(lint, mutation, text, alone):
    """Nothing where the mistake is told at its line; else what is wrong, and what was said."""
    if alone.told(mutation):
        return None
    changed = text[:mutation.start] + mutation.new + text[mutation.end:]
    code, problems, talk = lint.run(mutation.file, changed)
    if code == 0:
        return "accepted", ""
    if code != 2 or problems is None or "internal error" in talk:
        return "broken", f"exit {code}: {talk[-300:]}"
    own = [problem for problem in problems if problem["file"] == f"rules/{mutation.file}"]
    if any(problem["line"] in mutation.lines for problem in own):
        return None
    return "misplaced", "; ".join(f"{problem['file']}:{problem['line']}: {problem['message']}"
                                  for problem in problems[:4])


def pruned(lint, name, text):
    """The text with every rule blanked that is not clean; its lines stay where they are."""
    blanked = 0
    for _ in range(50):
        code, problems, talk = lint.run(name, text)
        if code == 0:
            return text, blanked
        if problems is None:
            break
        lines = text.split("\n")
        head = re.compile(r"\[\[(rule|clause|table|document|conflict)\]\]")
        heads = [at for at, line in enumerate(lines) if head.match(line)]
        hit = set()
        for problem in problems:
            at = problem["line"] - 1
            inside = [head for head in heads if head <= at]
            if problem["file"] == f"rules/{name}" and inside:
                hit.add(inside[-1])
        if not hit:
            break
        for start in hit:
            end = next((other for other in heads if other > start), len(lines))
            lines[start:end] = [""] * (end - start)
            blanked += 1
        text = "\n".join(lines)
    return None, blanked


def drawn(mutations, number, dice):
    """So many, one of each place in turn."""
    groups = collections.defaultdict(list)
    for mutation in mutations:
        groups[mutation.kind, mutation.where].append(mutation)
    for group in groups.values():
        dice.shuffle(group)
    order = sorted(groups)
    dice.shuffle(order)
    # Classes in turn, and in a class its places in turn: common ones must not crowd out the rare.
    by_kind = collections.defaultdict(collections.deque)
    for key in order:
        by_kind[key[0]].append(groups[key])
    chosen = []
    while len(chosen) < number and by_kind:
        for kind in sorted(by_kind):
            places = by_kind[kind]
            group = places.popleft()
            chosen.append(group.pop())
            if group:
                places.append(group)
            if not places:
                del by_kind[kind]
    return chosen[:number]


def short(text):
    text = text.replace("\n", "⏎")
    return text if len(text) <= 90 else text[:60] + "…" + text[-28:]


def around(text, mutation):
    """The mutated line before and after."""
    start = text.rfind("\n", 0, mutation.start) + 1
    end = text.find("\n", mutation.end)
    end = len(text) if end < 0 else end
    near = max(start, mutation.start - 25)
    far = min(end, mutation.end + 15)
    return (short(text[near:far]), short(text[near:mutation.start] + mutation.new + text[mutation.end:far]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("folder")
    parser.add_argument("seed")
    parser.add_argument("number", help="how many, or all")
    parser.add_argument("--dictionary", help="without: that of the folder")
    parser.add_argument("--prune", action="store_true")
    parser.add_argument("--only", action="append")
    parser.add_argument("--json")
    parser.add_argument("--show", type=int, default=200)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    lint = Lint(options.binary)

    def read(path):
        with open(path, encoding="utf-8", newline="") as handle:
            return handle.read()

    files = {name: read(os.path.join(options.folder, name))
             for name in sorted(os.listdir(options.folder)) if name.endswith(".toml")}
    names = Names(read(options.dictionary or os.path.join(options.folder, "dictionary.toml")))
    home = os.path.dirname(options.dictionary) if options.dictionary else options.folder
    known = {name: read(os.path.join(home, name)) for name in sorted(os.listdir(home)) if name.endswith(".toml")}
    ids = {name: re.findall(r'(?m)^\[\[rule\]\]\s+id = "([^"]+)"', text) for name, text in known.items()}
    packs = {name: re.search(r'(?m)^\[pack\]\s+id = "([^"]+)"', text) for name, text in known.items()}
    names.packs = {name: match.group(1) for name, match in packs.items() if match}
    clauses = {word for text in known.values() for word in re.findall(r'(?m)^id = "([A-Z]-\d+)"', text)}

    with tempfile.TemporaryDirectory(prefix="hedui-mutation-") as parent:
        for _ in range(2):
            lint.workplace(parent)
        unclean, mutations = [], []
        for name, text in files.items():
            if options.only and name not in options.only:
                continue
            code, problems, talk = lint.run(name, text)
            if code != 0 and options.prune:
                text, blanked = pruned(lint, name, text)
                print(f"{name}: {blanked} rules are not clean and left out")
                files[name] = text
            elif code != 0:
                text = None
            if text is None:
                unclean.append(f"{name}: not clean: {(problems or talk)[:1]}")
                continue
            mutations += Mutator(name, text, names, ids, clauses, dice).all()
        if options.number != "all":
            mutations = drawn(mutations, int(options.number), dice)
        alone = Alone(lint, files, {name for name in names.packs})
        with ThreadPoolExecutor(2) as pool:
            verdicts = list(pool.map(lambda mutation: judged(lint, mutation, files[mutation.file], alone), mutations))

    tried, wrong, report = collections.Counter(), collections.Counter(), []
    for mutation, verdict in zip(mutations, verdicts):
        tried[mutation.kind, mutation.file] += 1
        if verdict:
            wrong[mutation.kind, mutation.file] += 1
            before, after = around(files[mutation.file], mutation)
            report.append({"kind": mutation.kind, "where": mutation.where, "file": mutation.file,
                           "line": mutation.line, "verdict": verdict[0], "before": before, "after": after,
                           "said": verdict[1]})
    for entry in report[:options.show]:
        print(f"{entry['verdict']}: {entry['kind']} ({entry['where']}) {entry['file']}:{entry['line']}\n"
              f"    {entry['before']}\n → {entry['after']}\n    {entry['said']}")
    if len(report) > options.show:
        print(f"… and {len(report) - options.show} more")
    print(f"\n{'class':22} {'file':20} tried wrong")
    for (kind, name), number in sorted(tried.items()):
        print(f"{kind:22} {name:20} {number:5} {wrong[kind, name]:5}")
    print(f"seed {options.seed}: {sum(tried.values())} mutations, {sum(wrong.values())} not told at their lines")
    for line in unclean:
        print(line, file=sys.stderr)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as handle:
            counts = [[*key, number, wrong[key]] for key, number in sorted(tried.items())]
            json.dump({"report": report, "tried": counts}, handle, ensure_ascii=False, indent=1)
    return 2 if unclean else 1 if report else 0


if __name__ == "__main__":
    sys.exit(main())
