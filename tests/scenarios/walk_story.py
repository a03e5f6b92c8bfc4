"""The walk through a self-assessment on a real terminal: every answer acknowledged by a real host before the next question is shown."""
import hashlib
import os
import pathlib
import signal
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import Host, program  # noqa: E402
from terminal_screen import OnTerminal  # noqa: E402

PAT = "constabulary-steward-pat"
STAFF = ("constabulary steward pat", "constabulary delegate dana", "county-council steward sam", "fire-and-rescue steward fay")


class WalkStory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host(staff=STAFF).__enter__()
        # The next start listens where the first one did.
        settings = cls.host.folder / "concordat.yaml"
        settings.write_text(settings.read_text().replace("localhost:0", cls.host.address))

    @classmethod
    def tearDownClass(cls):
        cls.host.__exit__()

    # Each test has a cycle of its own, so that none carries anything over from another; those of one list do.
    def start(self, cycle, who=PAT, fresh=True, **terminal):
        flags = ["--fresh"] if fresh else []
        return OnTerminal([program("concordat"), "assess", "start", "dq-themes", "--cycle", cycle, *flags, *self.host.credentials(who)], **terminal)

    def walk(self, assessment, *flags, who=PAT, **terminal):
        return OnTerminal([program("concordat"), "assess", "walk", assessment, *flags, *self.host.credentials(who)], **terminal)

    def assessment(self, cycle, who=PAT):
        rows = self.host.json_as(who, "assess", "show", check=0)
        return next(row["id"] for row in rows if row["cycle"] == cycle and row["template"] == "dq-themes")

    def document(self, cycle, who=PAT):
        return self.host.json_as(who, "assess", "show", self.assessment(cycle, who), check=0)

    def items(self, cycle, who=PAT):
        return [item for theme in self.document(cycle, who)["themes"] for item in theme["items"]]

    def answered(self, cycle):
        return [item["id"] for item in self.items(cycle) if item["claimed"] is not None]

    def test_a_digit_and_enter_an_item_and_each_is_at_the_host(self):
        with self.start("2031/32") as terminal:
            first = terminal.until("0 of ", "q quit")
            self.assertIn("governing_body_leads", first)
            for done in range(1, 4):
                terminal.type("3\r")
                terminal.until(f"{done} of ", "saved:")
                self.assertEqual(len(self.answered("2031/32")), done)
            self.assertEqual([item["claimed"] for item in self.items("2031/32")[:3]], [3, 3, 3])
            terminal.type("q")
            self.assertEqual(terminal.wait(), 0)
            self.assertFalse(terminal.screen.alternate)
            self.assertTrue(terminal.mode_is_restored())
            self.assertRegex(terminal.screen.text(), r"3 of \d+ answered")
            self.assertIn("concordat assess walk A-", terminal.screen.text())

    def test_killed_at_any_item_no_earlier_answer_is_lost(self):
        kept = 0
        for more in (1, 2, 3):
            with self.start("2032/33") as terminal:
                before = terminal.until(f"{kept} of ", "q quit")
                ids = [item["id"] for item in self.items("2032/33") if item["asked"] and item["claimed"] is None]
                self.assertIn(ids[0], before, "it goes on with the first open question")
                for _ in range(more):
                    kept += 1
                    terminal.type("2\r")
                    terminal.until(f"{kept} of ", "saved:")
                terminal.signal(signal.SIGKILL)
                terminal.wait()
            self.assertEqual(len(self.answered("2032/33")), kept)

    def test_ctrl_c_and_signals_give_the_terminal_back(self):
        with self.start("2033/34") as terminal:
            terminal.until("q quit")
            terminal.type("\x03")
            self.assertEqual(terminal.wait(), 0)
            self.assertTrue(terminal.mode_is_restored())
            self.assertFalse(terminal.screen.alternate)
            self.assertRegex(terminal.screen.text(), r"0 of \d+ answered")
        for number in (signal.SIGTERM, signal.SIGHUP):
            with self.walk(self.assessment("2033/34")) as terminal:
                terminal.until("q quit")
                self.assertFalse(terminal.mode_is_restored(), "it is raw while the walk goes on")
                terminal.signal(number)
                self.assertEqual(os.WTERMSIG(terminal.wait()), number)
                self.assertTrue(terminal.mode_is_restored())
                self.assertFalse(terminal.screen.alternate)

    def test_a_narrow_and_small_terminal_shows_all_that_is_needed(self):
        with self.start("2034/35", columns=40, rows=15) as terminal:
            shown = terminal.until("Do those who govern", "1 below minimum", "4 well above", "Enter save", "q quit")
            self.assertFalse(terminal.screen.overflow, shown)
            terminal.resize(100, 30)
            shown = terminal.until("Guidance:", "governing_body_leads", "q quit")
            self.assertGreater(max(map(len, terminal.screen.lines())), 60, shown)
            terminal.resize(40, 15)
            terminal.until("Enter save")
            terminal.type("?")
            terminal.until("any key goes back")
            terminal.type("x")
            terminal.until("Enter save")
            terminal.type("\x1b[B\x1b[B\r")
            terminal.until("1 of ")
            self.assertFalse(terminal.screen.overflow, terminal.screen.text())
            terminal.type("q")
            self.assertEqual(terminal.wait(), 0)
        self.assertEqual(self.items("2034/35")[0]["claimed"], 2, "down twice from nothing is the second level")

    def test_comments_evidence_owners_skipping_and_going_back(self):
        paper = self.host.folder / "minutes of May.pdf"
        paper.write_bytes(b"the minutes\n")
        with self.start("2035/36") as terminal:
            terminal.until("q quit")
            terminal.type("c")
            terminal.until("Comment (Enter, Esc):")
            terminal.type("seen in the minutes, Ünïcödé 品\x7f品\r")
            terminal.until("Comment (saved with Enter)")
            terminal.type("2\r")
            terminal.until("1 of ")
            terminal.type("ed")
            terminal.until("Document, path:")
            terminal.type(f"{paper}\r")
            terminal.until("Valid until")
            terminal.type("2039-01-31\r")
            terminal.until("saved: document for named_lead", "Attached:")
            terminal.type("o")
            terminal.until("Owner")
            terminal.type("Sam\r")
            terminal.until("owner Sam")
            terminal.type("s")
            terminal.until("objectives_agreed")
            terminal.type("b")
            terminal.until("named_lead")
            terminal.type("9")
            terminal.until("there is no level 9")
            terminal.type("cnot to be lost\r")
            terminal.until("not to be lost")
            terminal.type("q")
            terminal.until("the comment is not saved")
            terminal.type("y")
            self.assertEqual(terminal.wait(), 0)
        first, second = self.items("2035/36")[:2]
        self.assertEqual((first["claimed"], first["comment"]), (2, "seen in the minutes, Ünïcödé 品"))
        self.assertEqual((second["claimed"], second["owner"], second["comments"][0]["text"]), (None, "Sam", "not to be lost"))
        attached = second["attached"][0]
        self.assertEqual(attached["digest"], "sha256:" + hashlib.sha256(paper.read_bytes()).hexdigest())
        self.assertEqual((attached["kind"], attached["reference"], attached["expires"][:10]), ("document", "minutes of May.pdf", "2039-01-31"))
        with self.walk(self.assessment("2035/36"), "--mine", "sam") as terminal:
            terminal.until("named_lead", "q quit")
            terminal.type("3\r")
            self.assertEqual(terminal.wait(), 0)
        self.assertEqual(self.items("2035/36")[1]["claimed"], 3)

    def test_what_was_answered_last_cycle_is_confirmed_by_one_key(self):
        with self.start("2041/42", who="county-council-steward-sam") as terminal:
            terminal.until("q quit")
            terminal.type("3\r")
            terminal.until("1 of ")
            terminal.type("q")
            terminal.wait()
        with self.start("2042/43", who="county-council-steward-sam", fresh=False) as terminal:
            terminal.until("Last time, 2041/42: 3 above minimum", "▶ 3 above minimum")
            terminal.type("\r")
            terminal.until("saved: governing_body_leads at level 3")
            terminal.type("q")
            terminal.wait()
        first = self.items("2042/43", "county-council-steward-sam")[0]
        self.assertEqual((first["claimed"], first["reviewNeeded"]), (3, False))

    def test_a_broken_connection_is_said_and_tried_again(self):
        with self.start("2036/37") as terminal:
            terminal.until("0 of ")
            terminal.type("2\r")
            terminal.until("1 of ")
            self.host.kill()
            terminal.type("4\r")
            terminal.until("NOT SAVED: named_lead at level 4", "r try again", seconds=90)
            terminal.type("r")
            terminal.until("trying again", seconds=90)
            terminal.until("NOT SAVED", "r try again", seconds=90)
            self.host.start()
            terminal.type("r")
            terminal.until("2 of ", "saved: named_lead at level 4", seconds=90)
            self.host.kill()
            terminal.type("4\r")
            terminal.until("NOT SAVED: objectives_agreed", seconds=90)
            terminal.type("q")
            self.assertEqual(os.WEXITSTATUS(terminal.wait()), 2)
            self.assertIn("NOT SAVED: objectives_agreed at level 4", terminal.screen.text())
            self.assertTrue(terminal.mode_is_restored())
        self.host.start()
        self.assertEqual([item["claimed"] for item in self.items("2036/37")[:3]], [2, 4, None])

    def test_a_terminal_that_cannot_draw_gets_questions_and_answers(self):
        with self.start("2037/38", environment={"TERM": "dumb"}) as terminal:
            terminal.until("governing_body_leads", "q quit, ? help\n>")
            terminal.type("3 spot checks\n")
            terminal.until("saved: governing_body_leads at 3 above minimum", "named_lead")
            terminal.type("7\n")
            terminal.until("is no level of this scale")
            terminal.type("s\n")
            terminal.until("objectives_agreed")
            terminal.type("b\na the board has seen it\n")
            terminal.until("saved: attestation for named_lead")
            terminal.type("at minimum\n")
            terminal.until("saved: named_lead at 2 at minimum")
            terminal.type("q\n")
            self.assertEqual(terminal.wait(), 0)
            self.assertNotIn("\x1b[?1049h", terminal.raw)
            self.assertNotIn("\x1b", terminal.raw)
        first, second = self.items("2037/38")[:2]
        self.assertEqual((first["claimed"], first["comment"], second["claimed"]), (3, "spot checks", 2))
        self.assertEqual(second["attached"][0]["reference"], "the board has seen it")

    def test_without_colour_nothing_is_lost(self):
        with self.start("2038/39", environment={"NO_COLOR": "1"}) as terminal:
            terminal.type("2")
            terminal.until("▶ 2 at minimum")
            terminal.type("q")
            terminal.wait()
            self.assertNotRegex(terminal.raw.split("\x1b[?1049l")[0], r"\x1b\[[1-9][0-9]*m")

    def test_without_a_terminal_there_is_no_walk(self):
        shown = self.host.as_(PAT, "assess", "start", "dq-themes", "--cycle", "2039/40", "--fresh", check=0)
        self.assertIn("0 of ", shown.stdout)
        self.assertIn("concordat assess walk", shown.stdout)
        self.assertIn("has no --json", self.host.as_(PAT, "assess", "walk", "--json", check=3).stderr)

    def test_files_out_and_in_with_every_mistake_in_its_place(self):
        assessment = self.host.json_as("fire-and-rescue-steward-fay", "assess", "start", "dq-themes", "--json", check=0)["id"]
        fay = "fire-and-rescue-steward-fay"
        for name in ("answers.yaml", "answers.csv"):
            path = self.host.folder / name
            said = self.host.as_(fay, "assess", "export", "-o", path, check=0)
            self.assertIn(f"taking {assessment}", said.stderr)
            self.assertIn("0 items would change", self.host.as_(fay, "assess", "import", path, "--dry-run", check=0).stdout)
        path = self.host.folder / "answers.yaml"
        text = path.read_text()
        path.write_text(text.replace("# level:", "level: 9", 1).replace("# level:", "level: at minimum", 1))
        wrong = self.host.as_(fay, "assess", "import", assessment, path, check=1).stdout
        line = next(number for number, words in enumerate(path.read_text().splitlines(), 1) if "level: 9" in words)
        self.assertIn(f"{path}:{line}:", wrong)
        self.assertIn("^", wrong)
        self.assertIn("nothing was imported", wrong)
        path.write_text(path.read_text().replace("level: 9", "level: 3"))
        self.assertIn("2 items changed", self.host.as_(fay, "assess", "import", assessment, path, check=0).stdout)
        shown = self.host.json_as(fay, "assess", "show", assessment, check=0)
        self.assertEqual([item["claimed"] for item in shown["themes"][0]["items"][:2]], [3, 2])


if __name__ == "__main__":
    unittest.main(verbosity=2)
