"""Files put into a folder instead of being submitted: what a steward without any tool of ours lives through."""
import fcntl
import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import Host, program, run  # noqa: E402

HEADER = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context"
STEWARD = "constabulary-steward-pat"
FEED = "constabulary-street-crime"
SETTINGS = "inbox: inbox\ninbox_settle: PT1S\n"


def crime(number, month, lsoa="E01019400"):
    force = "Derwent Constabulary"
    return f"{number:064x},{month},{force},{force},-1.374912,53.10328,On or near High Street,{lsoa},Derwent 001A,Burglary,Under investigation,"


def extract(month, count=12, start=1, bad=()):
    rows = [crime(start + i, month, "E0101940" if i in bad else "E01019400") for i in range(count)]
    return "\n".join([HEADER, *rows]) + "\n"


def until(condition, what, seconds=60):
    """Polls; the value of the condition once it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"it never came to pass: {what}")


class Inboxes(unittest.TestCase):
    def setUp(self):
        self.host = Host(settings=SETTINGS, staff=("constabulary steward pat", "constabulary delegate dana", "county-council steward sam"))
        self.host.__enter__()
        self.addCleanup(self.host.__exit__)
        self.inbox = self.host.folder / "inbox" / FEED
        until((self.inbox / "README.txt").exists, "the folder of the feed")

    def put(self, name, text, folder=None):
        """As a copy arrives: written under its own name, in two pieces."""
        path = (folder or self.inbox) / name
        path.parent.mkdir(exist_ok=True)
        data = text if isinstance(text, bytes) else text.encode()
        with open(path, "wb") as file:
            file.write(data[: len(data) // 2])
            file.flush()
            file.write(data[len(data) // 2:])
        return path

    def result(self, path, ending):
        """The file that appears beside it, once it is there."""
        found = path.parent / (path.name + ending)
        until(found.exists, f"{found.name}; there are {sorted(os.listdir(path.parent))}; {self.listed()}")
        return found.read_text()

    def report(self, path, *words):
        """The text of the report beside it, once it has these words."""
        found = path.parent / (path.name + ".report.html")

        def text():
            return found.exists() and all(word in html.unescape(re.sub(r"<[^>]*>", "", found.read_text())) for word in words)
        try:
            until(text, "the report")
        except AssertionError:
            self.fail(f"{found.name} lacks one of {words}: {found.read_text() if found.exists() else sorted(os.listdir(path.parent))}\n{self.listed()}")
        return found.read_text()

    def receipt(self, path):
        return json.loads(self.result(path, ".receipt.json"))

    def attempts(self, **how):
        listed = self.host.json_as(STEWARD, "submission", "list", "--feed", FEED, check=0)
        return [one for one in listed if all(one.get(key) == value for key, value in how.items())]

    def listed(self):
        return json.loads(self.host.admin("inbox", "list", "--json", check=0).stdout)

    def feed(self):
        return next(one for one in self.listed()["feeds"] if one["feed"] == FEED)

    def test_a_file_is_submitted_mended_and_replaced_without_any_tool(self):
        readme = (self.inbox / "README.txt").read_text()
        self.assertIn("constabulary-street-crime", readme)
        self.assertRegex(readme, r"street_crime 20\d\d-\d\d\.csv")
        whole = extract("2019-01", 40, bad=(4, 9))
        first = self.put("street 2019-01.csv", whole)
        receipt = self.receipt(first)
        self.assertEqual((receipt["subject"]["submitter"], receipt["subject"]["period"], receipt["decision"]),
                         ("inbox:" + FEED, "2019-01", "accept_with_quarantine"))
        saved = self.host.folder / "receipt.json"
        saved.write_text(json.dumps(receipt))
        run("receipt", "verify", saved, "--host-key", self.host.public_key, check=0)
        page = self.report(first, "Accepted, some records held back", "from the file's name", "January 2019", "street 2019-01.csv.to-mend.csv")
        self.assertIn("lsoa_code_format", page)
        self.assertEqual(first.read_text(), whole, "the partner's own file is untouched")

        # Edited where it lies, in two savings, as people do.
        to_mend = self.inbox / "street 2019-01.csv.to-mend.csv"
        rows = to_mend.read_text()
        self.assertEqual(len(rows.splitlines()), 3)
        to_mend.write_text(rows.replace("E0101940,", "E01019401,", 1))
        to_mend.write_text(rows.replace("E0101940,", "E01019401,"))
        until(lambda: self.attempts(decision="accept"), "the mended submission")
        self.report(first, "Accepted", "mend " + receipt["subject"]["submission"])
        mended = self.attempts(decision="accept")[0]
        self.assertEqual((mended["mends"], mended["records"]["accepted"]), (receipt["subject"]["submission"], 40))
        self.assertEqual(self.receipt(first), receipt, "the first receipt stays")
        until((self.inbox / "street 2019-01.csv.receipt-2.json").exists, "a receipt of its own")

        # Another file for the period needs a reason, in a file that Notepad makes.
        other = self.put("again Jan 2019.csv", extract("2019-01", 38))
        self.report(other, "Not taken in", "needs a reason", "again Jan 2019.csv.reason.txt")
        self.assertEqual(len(self.attempts()), 2)
        (self.inbox / "again Jan 2019.csv.reason.txt").write_bytes("﻿Two were counted\r\ntwice".encode("utf-16-le"))
        self.report(other, "Accepted", "Two were counted twice")
        self.assertEqual(self.receipt(other)["subject"]["reason"], "Two were counted twice")
        last = self.put("Jan-2019 (because one is another force's).csv", extract("2019-01", 37))
        self.assertEqual(self.receipt(last)["subject"]["reason"], "one is another force's")
        # The reason was for that file alone.
        self.put(other.name, extract("2019-01", 36))
        self.report(other, "Not taken in", "needs a reason")
        self.host.admin("audit", "verify", check=0)
        statement = self.host.admin("audit", "list", "--json", check=0).stdout
        self.assertIn("inbox", json.dumps(json.loads(self.host.admin("submission", "show", receipt["subject"]["submission"], "--json").stdout)) + statement)

    def test_the_same_again_is_said_and_stored_once(self):
        path = self.put("2019-02.csv", extract("2019-02"))
        first = self.receipt(path)
        copy = self.put("2019-02 copy.csv", extract("2019-02"))
        self.report(copy, "The same bytes were put in again")
        self.assertEqual(self.receipt(copy)["id"], first["id"])
        os.utime(path)
        self.report(path, "The same bytes were put in again")
        self.assertEqual(len(self.attempts()), 1)
        self.assertFalse((self.inbox / "2019-02.csv.receipt-2.json").exists())
        # Any steward may have put it there, so none of them answers for it; then it is locked.
        sign = ("submission", "sign-off", first["subject"]["submission"], "--assurance", "random_checks", "--comment", "looked at five")
        refused = self.host.as_(STEWARD, *sign)
        self.assertEqual(refused.returncode, 1, refused.stderr)
        self.assertIn("inbox folder", refused.stderr)
        self.host.as_("constabulary-delegate-dana", *sign, check=0)
        late = self.put("2019-02 late.csv", extract("2019-02", 14))
        self.report(late, "Not taken in", "is signed off")

    def test_a_file_that_still_grows_or_is_in_use_is_left_alone(self):
        whole = extract("2019-03", 60)
        path = self.inbox / "2019-03.csv"
        with open(path, "w") as file:
            for line in whole.splitlines(keepends=True):
                file.write(line)
                file.flush()
                time.sleep(0.04)  # a slow line; the file must not be taken meanwhile
            self.assertEqual(self.attempts(), [])
            # Still open: quiet for long, but not closed.
            self.report(path, "Waiting", "open for writing")
            self.assertIn("open for writing", json.dumps(self.feed()["waiting"]))
            self.assertEqual(self.attempts(), [])
        self.report(path, "Accepted")
        self.assertEqual(self.attempts()[0]["records"]["total"], 60)

        locked = self.inbox / "2019-04.csv"
        locked.write_text(extract("2019-04"))
        with open(locked) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            until(lambda: "locked by another program" in json.dumps(self.feed()["waiting"]), "it says that it is locked")
        self.report(locked, "Accepted")

        for name in ("2019-05.csv.filepart", "~$2019-05.xlsx", ".2019-05.csv.swp", "2019-05.crdownload"):
            self.put(name, extract("2019-05"))
        excel = self.put("2019-06.xlsx", b"PK\x03\x04")
        self.put("~$2019-06.xlsx", b"pat")
        self.report(excel, "Waiting", "office program")
        self.assertEqual(len(self.attempts()), 2)
        renamed = (self.inbox / "2019-05.csv.filepart").rename(self.inbox / "2019-05.csv")
        self.report(renamed, "Accepted")

    def test_the_period_comes_from_the_name_the_folder_or_what_is_owed(self):
        below = self.put("extract.csv", extract("2018-11"), self.inbox / "Nov 2018")
        self.report(below, "Accepted", "2018-11", "from the folder's name")
        contrary = self.put("2018-10.csv", extract("2018-10"), self.inbox / "Nov 2018")
        self.report(contrary, "Not taken in", "its name says 2018-10 and its folder 2018-11")
        two = self.put("2018-08 and 2018-09.csv", extract("2018-08"))
        self.report(two, "Not taken in", "more than one period", "Rename the file")
        pair = [self.put(name, extract("2018-07", count)) for name, count in (("a 2018-07.csv", 12), ("b 2018-07.csv", 13))]
        self.report(pair[0], "Accepted")
        self.report(pair[1], "Not taken in", "accepted from a 2018-07.csv")
        none = self.put("extract.csv", extract("2018-12"))
        self.report(none, "Not taken in", "does not say for which period", "Rename the file")
        none.rename(self.inbox / "extract Dec-2018.csv")
        self.report(self.inbox / "extract Dec-2018.csv", "Accepted", "2018-12")
        # Of a feed that never sent anything, the last ended period alone is owed.
        searches = self.host.folder / "inbox" / "constabulary-stop-and-search"
        path = self.put("searches.csv", "Type,Date\nPerson search,x\n", searches)
        self.report(path, "the only one that is owed")
        year = self.put("searches 1999.csv", "Type,Date\nPerson search,x\n", self.host.folder / "inbox" / "county-council-spend")
        self.report(year, "Not taken in")

    def test_links_folders_and_what_is_misplaced_are_told_and_never_followed(self):
        secret = self.host.folder / "secret 2019-07.csv"
        secret.write_text(extract("2019-07"))
        link = self.inbox / "link 2019-07.csv"
        link.symlink_to(secret)
        self.report(link, "Not taken in", "links are not followed")
        (self.inbox / "my folder").mkdir()
        self.report(self.inbox / "my folder", "Not taken in", "whose name is no period")
        os.mkfifo(self.inbox / "2019-08.csv")
        self.report(self.inbox / "2019-08.csv", "Not taken in", "neither a file nor a folder")
        root = self.host.folder / "inbox"
        self.put("2019-07.csv", extract("2019-07"), root)
        (root / "no-such-feed").mkdir()
        told = root / "misplaced-files.txt"
        until(lambda: told.exists() and "2019-07.csv" in told.read_text() and "no-such-feed" in told.read_text(), "misplaced files")
        self.assertEqual({one["name"] for one in self.listed()["misplaced"]}, {"2019-07.csv", "no-such-feed"})
        (root / "2019-07.csv").rename(self.inbox / "moved 2019-07.csv")
        self.report(self.inbox / "moved 2019-07.csv", "Accepted")
        until(lambda: "2019-07.csv" not in told.read_text(), "no longer misplaced")
        # A result's name that leads elsewhere is written anew, not written through.
        victim = self.host.folder / "victim"
        victim.write_text("untouched")
        (self.inbox / "2019-09.csv.report.html").symlink_to(victim)
        path = self.put("2019-09.csv", extract("2019-09"))
        until((self.inbox / "2019-09.csv.report-2.html").exists, "a report under another name")
        self.receipt(path)
        self.assertEqual(victim.read_text(), "untouched")

    def test_what_somebody_changed_is_never_overwritten(self):
        path = self.put("2019-10.csv", extract("2019-10"))
        self.report(path, "Accepted")
        report = self.inbox / "2019-10.csv.report.html"
        report.write_text("my notes")
        self.put("2019-10.csv", extract("2019-10", 11))
        until((self.inbox / "2019-10.csv.report-2.html").exists, "a second report")
        self.assertEqual(report.read_text(), "my notes")
        self.assertIn("needs a reason", (self.inbox / "2019-10.csv.report-2.html").read_text())

    def test_a_rejected_file_is_mended_from_its_rows(self):
        path = self.put("2019-11.csv", extract("2019-11", 5, bad=range(5)))
        self.report(path, "Rejected", "its folder is one of", "to-mend.csv")
        rejected = self.receipt(path)["subject"]["submission"]
        mended = self.inbox / "2019-11.csv.mended.csv"
        mended.write_text((self.inbox / "2019-11.csv.to-mend.csv").read_text().replace("E0101940,", "E01019401,"))
        self.report(path, "Accepted", rejected)
        self.assertEqual(self.attempts(decision="accept")[0]["mends"], rejected)
        stranger = self.put("nothing.csv.to-mend.csv", "a,_record\n1,1\n")
        self.report(self.inbox / "nothing.csv", "no submission of that name")
        self.assertTrue(stranger.exists())

    def test_kills_neither_lose_nor_double(self):
        months = [f"2017-{month:02d}" for month in range(1, 13)]
        for month in months:
            self.put(f"{month}.csv", extract(month, 30 + int(month[-2:]), bad=(3,) if month != "2017-06" else range(36)))
        for _ in range(6):
            before = len(list(self.inbox.glob("*.receipt.json")))
            until(lambda: len(list(self.inbox.glob("*.receipt.json"))) > before or before == 12, "one more receipt")
            self.host.kill()
            self.host.start()
        until(lambda: len(list(self.inbox.glob("*.report.html"))) == 12, "all reports")
        until(lambda: not self.feed()["waiting"], "nothing waits")
        attempts = self.attempts()
        self.assertEqual(sorted(one["period"] for one in attempts), months, "each once, the rejected one too")
        by_period = {one["period"]: one for one in attempts}
        for month in months:
            path = self.inbox / f"{month}.csv"
            self.assertEqual(self.receipt(path)["subject"]["submission"], by_period[month]["submission"])
            self.assertTrue((self.inbox / f"{month}.csv.to-mend.csv").exists())
        self.assertEqual([name for name in os.listdir(self.inbox) if ".part" in name], [])
        self.assertEqual(by_period["2017-06"]["decision"], "reject")
        self.host.admin("audit", "verify", check=0)

    def test_a_folder_that_nobody_may_write_in_is_told_to_the_administrator_and_made_good_later(self):
        if os.geteuid() == 0:
            # Nobody is refused as root; a folder that is immutable stands for it where the file system can.
            if shutil.which("chattr") is None or os.system(f"chattr +i '{self.inbox}' 2>/dev/null; chattr -i '{self.inbox}' 2>/dev/null") != 0:
                print("skipped: this file system refuses root nothing")
                return
        path = self.put("2019-12.csv", extract("2019-12"))
        lock, free = (("chattr +i", "chattr -i") if os.geteuid() == 0 else ("chmod a-w", "chmod u+w"))
        self.assertEqual(os.system(f"{lock} '{self.inbox}'"), 0)
        try:
            until(lambda: self.attempts(period="2019-12"), "it is submitted")
            until(lambda: "nothing can be written beside it" in json.dumps(self.feed()), f"the administrator is told: {self.feed()}")
        finally:
            os.system(f"{free} '{self.inbox}'")
        self.report(path, "Accepted")
        self.assertEqual(len(self.attempts()), 1)

    def test_people_see_their_own_inboxes_and_a_reload_makes_new_ones(self):
        self.put("2019-01.csv", extract("2019-01"))
        until(lambda: self.feed()["last"] and self.feed()["last"]["submission"], "it is listed")
        mine = self.host.json_as(STEWARD, "inbox", "list", "--mine", check=0)
        self.assertEqual({one["partner"] for one in mine["feeds"]}, {"constabulary"})
        self.assertNotIn("misplaced", mine)
        theirs = self.host.json_as("county-council-steward-sam", "inbox", "list", "--partner", "constabulary", check=0)
        self.assertEqual(theirs["feeds"], [])
        text = self.host.as_(STEWARD, "inbox", "list", check=0).stdout
        self.assertIn("2019-01.csv", text)
        self.assertIn(FEED, self.host.admin("host", "status", check=0).stdout)
        feed = (self.host.policies / "feeds" / f"{FEED}.yaml").read_text()
        (self.host.policies / "feeds" / "second.yaml").write_text(feed.replace(f"id: {FEED}", "id: second-street-crime"))
        self.host.admin("host", "reload", check=0)
        until((self.host.folder / "inbox" / "second-street-crime" / "README.txt").exists, "the new feed's folder")
        (self.host.policies / "feeds" / "second.yaml").unlink()
        self.host.admin("host", "reload", check=0)
        until(lambda: any(one["name"] == "second-street-crime" for one in self.listed()["misplaced"]), "the folder of no feed is told")

    def test_what_was_under_way_at_a_crash_is_found_in_the_store(self):
        whole = self.put("2018-01.csv", extract("2018-01", 20, bad=(1, 2)))
        self.report(whole, "held back")
        rejected = self.put("2018-02.csv", extract("2018-02", 3, bad=range(3)))
        self.report(rejected, "Rejected")
        to_mend = self.inbox / "2018-01.csv.to-mend.csv"
        to_mend.write_text(to_mend.read_text().replace("E0101940,", "E01019401,"))
        self.report(whole, "Accepted", "mend S-")
        before = sorted((one["submission"], one["state"]) for one in self.attempts())
        self.assertEqual(len(before), 3)
        # As it stands when the host was killed right after the store knew of it: nothing told, the results not there.
        self.host.kill()
        table = self.host.folder / "data" / "inbox" / f"{FEED}.json"
        memory = json.loads(table.read_text())
        for entry in memory["files"].values():
            entry["phase"] = "sending"
            for member in ("submission", "outcome", "report"):
                entry.pop(member, None)
        table.write_text(json.dumps(memory))
        for result in [*self.inbox.glob("*.report.html"), *self.inbox.glob("*.receipt*.json")]:
            result.unlink()
        self.host.start()
        self.report(rejected, "Rejected")
        self.report(whole, "Accepted")
        until(lambda: len(list(self.inbox.glob("2018-01.csv.receipt*.json"))) == 2, "both receipts")
        self.assertEqual(sorted((one["submission"], one["state"]) for one in self.attempts()), before)
        # What is remembered is damaged: nothing is taken in until somebody looks.
        self.host.stop()
        table.write_text("{")
        self.host.start()
        until(lambda: "is damaged" in self.feed().get("problem", ""), "the damage is told")
        self.put("2018-03.csv", extract("2018-03"))
        table.unlink()
        self.report(self.inbox / "2018-03.csv", "Accepted")
        # Without its memory the host takes all anew, and the store knows the bytes.
        until(lambda: self.attempts(period="2018-03"), "the new file")
        self.assertEqual(len(self.attempts(decision="accept_with_quarantine")), 1)

    def test_a_host_without_inboxes_says_so(self):
        self.host.stop()
        config = self.host.folder / "concordat.yaml"
        good = config.read_text()
        config.write_text(good.replace("PT1S", "5"))
        done = subprocess.run([program("concordatd"), "--config", config], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("inbox_settle", done.stderr)
        config.write_text(good)
        config.write_text(config.read_text().replace(SETTINGS, ""))
        self.host.start()
        refused = self.host.as_(STEWARD, "inbox", "list")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("inbox: FOLDER", refused.stderr)


if __name__ == "__main__":
    unittest.main()
