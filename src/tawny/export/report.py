"""The report: one page to read, print and sign, without scripts and without anything from elsewhere."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_STYLE: Final = """
body{font:15px/1.45 system-ui,sans-serif;color:#16181d;max-width:62rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin:0 0 .3rem}h2{font-size:1.1rem;margin:1.8rem 0 .5rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #d5d8de}
th{font-weight:600}dl{display:grid;grid-template-columns:12rem 1fr;gap:.25rem .8rem;margin:0}dt{color:#545a66}dd{margin:0}
code{font:12px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}p.note{color:#545a66}
.sign{margin-top:3rem;display:grid;grid-template-columns:1fr 1fr;gap:3rem}.sign div{border-top:1px solid #16181d;padding-top:.3rem}
@media print{body{margin:0;max-width:none}tr,dl{break-inside:avoid}}
"""


def page(document: Mapping[str, Any]) -> str:
    """The report of the manifest *document*."""
    zone = _zone(document["recorder"]["time_zone"])
    title = document["export"]["name"] or "Exported video"
    parts = [
        f"<h1>{escape(title)}</h1>",
        _intro(document["recorder"]["time_zone"]),
        _case(document["case"]),
        _export(document, zone),
        *(_item(item, zone) for item in document["items"]),
        _files(document["files"], zone),
        _custody(document["custody"]),
        '<div class="sign"><div>Date, handed over by</div><div>Date, received by</div></div>',
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
    )


def _intro(zone: str) -> str:
    words = f"Report of a video export. All times are of the recorder's clock, in the zone {zone}."
    return f'<p class="note">{escape(words)}</p>'


def _case(case: Mapping[str, str] | None) -> str:
    if case is None:
        return ""
    rows = {"Case number": case["number"], "Reason": case["reason"], "Officer": case["officer"]}
    return f"<h2>Case</h2>{_list(rows)}"


def _export(document: Mapping[str, Any], zone: ZoneInfo) -> str:
    export, recorder = document["export"], document["recorder"]
    rows = {
        "Exported by": export["by"],
        "Exported at": _moment(export["at"], zone),
        "Export": export["id"],
        "Recorder": f"{recorder['name']} ({recorder['id']})",
        "Software": recorder["software"],
        "Recorder's clock": recorder["clock"] or "Nothing was noted about it.",
    }
    return f"<h2>Export</h2>{_list(rows)}"


def _item(item: Mapping[str, Any], zone: ZoneInfo) -> str:
    stream = "full picture" if item["stream"] == "main" else "small picture"
    rows = {
        "Camera": f"{item['camera_name']} ({item['camera']})",
        "From": _moment(item["from"], zone),
        "To": _moment(item["to"], zone),
        "Stream": f"{item['stream']} ({stream}), {'with' if item['audio'] else 'without'} sound",
    }
    head = ("From", "To", "Why there is no video")
    holes = [(_moment(hole["from"], zone), _moment(hole["to"], zone), hole["title"]) for hole in item["holes"]]
    missing = _table(head, holes) if holes else "<p>The range is covered without a gap.</p>"
    return f"<h2>{escape(item['camera_name'])}</h2>{_list(rows)}{missing}"


def _files(files: Iterable[Mapping[str, Any]], zone: ZoneInfo) -> str:
    rows = [
        (
            f"<b>{escape(one['name'])}</b><br>{'Converted copy, no evidence' if one['derived'] else 'Original, signed'},"
            f" {one['bytes']:,} bytes<br>{escape(_moment(one['from'], zone))} to {escape(_moment(one['to'], zone))}"
            f"<br>SHA-256 <code>{escape(one['sha256'])}</code>"
        )
        for one in files
    ]
    items = "".join(f"<tr><td>{row}</td></tr>" for row in rows)
    return (
        f"<h2>Files</h2><table>{items}</table>"
        '<p class="note">An original begins at a key frame, so it may hold some seconds before its start; players hide them.'
        " Each original proves by itself what was recorded and when: check it with <code>tawny verify</code>, or on the verification page,"
        " against the recorder's root certificate.</p>"
    )


def _custody(custody: Mapping[str, str]) -> str:
    rows = {
        "Signing key": custody["key"],
        "In use since": custody["certificate_from"],
        "Certificate (SHA-256)": custody["certificate_fingerprint"],
        "Recorder's root (SHA-256)": custody["root_fingerprint"],
    }
    return (
        f"<h2>Custody of the key</h2>{_list(rows)}"
        "<p class=\"note\">Compare the root's fingerprint with the one on the recorder's commissioning sheet. manifest.json lists these files"
        " and this report with their SHA-256; manifest.sig is its signature by the key above.</p>"
    )


def _list(rows: Mapping[str, str]) -> str:
    return "<dl>" + "".join(f"<dt>{escape(n)}</dt><dd>{escape(v)}</dd>" for n, v in rows.items()) + "</dl>"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    first = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    rest = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{first}</tr>{rest}</table>"


def _moment(text: str, zone: ZoneInfo) -> str:
    moment = datetime.fromisoformat(text).astimezone(zone)
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + moment.strftime(" %Z (UTC%z)")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
