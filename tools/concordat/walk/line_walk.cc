#include <algorithm>
#include <cstdio>
#include <functional>

#include "fmt/format.h"
#include "tools/concordat/exit_code.h"
#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/text_width.h"
#include "tools/concordat/walk/walk.h"
#include "tools/concordat/walk/walk_screen.h"

namespace concordat::cli {
namespace {

// A line of standard input without its end; nothing at the end of input.
std::optional<std::string> ReadLine() {
  std::string line;
  for (int c = std::getchar(); c != '\n'; c = std::getchar()) {
    if (c == EOF) return line.empty() ? std::nullopt : std::optional(line);
    line += static_cast<char>(c);
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

class LineWalk {
 public:
  LineWalk(WalkDesk& desk, size_t width) : desk_(desk), width_(width) {}

  // What could not be saved, or "".
  std::string Run() {
    item_ = desk_.NextAfter("");
    bool show = true;
    while (!item_.empty() && !done_) {
      if (show) ShowItem();
      fmt::print("> ");
      std::fflush(stdout);
      const std::optional<std::string> line = ReadLine();
      if (!line) break;
      const std::string before = item_;
      Handle(*line);
      show = item_ != before;
    }
    return unsaved_;
  }

 private:
  void ShowItem() const {
    const json::Value& assessment = desk_.assessment();
    const json::Value& item = desk_.Item(item_);
    const ShownScale scale(assessment);
    const std::string marks = ItemMarks(item);
    fmt::print("\n{} ({} of {} answered)\n{}{}{}\n{}", ThemeOf(assessment, item_),
               CountOf(assessment, "answered"), CountOf(assessment, "items"), item_,
               marks.empty() ? "" : ": ", marks, Indented(Words(item, "question"), 0, width_));
    for (const std::string& line : ItemFacts(assessment, item, true, width_ > 2 ? width_ - 2 : 1))
      fmt::print("  {}\n", line);
    if (const std::string comment = Words(item, "comment"); !comment.empty())
      fmt::print("{}", Indented("Comment: " + comment, 2, width_));
    for (const ShownLevel& level : scale.levels()) {
      std::string anchor = Words(Member(item, "anchors"), std::to_string(level.level));
      if (anchor.empty()) anchor = level.description;
      fmt::print("{}", Indented(level.name + (anchor.empty() ? "" : ": " + anchor), 4, width_,
                                std::to_string(level.level)));
    }
    if (!Member(item, "claimed").is_null())
      fmt::print("saved so far: {}; y keeps it\n", scale.Named(LevelOf(Member(item, "claimed"))));
    fmt::print("{}", Indented("a level, with a comment behind it if you like; s skip, b back, q quit, ? help",
                              0, width_));
  }

  void Help() const {
    fmt::print(
        "  3             level 3 (or its name)\n  3 TEXT        level 3 with a comment\n  y             the "
        "answer shown still holds\n"
        "  d FILE        a document as evidence: only its digest is sent\n  a TEXT        your word for it "
        "as evidence\n"
        "  l URL         a link as evidence\n  o NAME        who answers this question\n  s, b, q       "
        "skip, back, quit\n");
  }

  void Handle(const std::string& line) {
    const size_t blank = line.find(' ');
    const std::string word = line.substr(0, blank);
    const std::string rest = blank == std::string::npos ? "" : line.substr(blank + 1);
    if (line.empty()) return;
    if (word == "q") done_ = true;
    if (word == "q") return;
    if (word == "?") return Help();
    if (word == "s") return GoOn();
    if (word == "b") return GoBack();
    if (word == "o")
      return Send(
          "owner of " + item_, [&](bool) { return desk_.Assign(item_, rest); }, false);
    if (word == "d" || word == "a" || word == "l") return Attach(word, rest);
    if (word == "y") return Keep();
    Answer(line, word, rest);
  }

  void Keep() {
    const std::optional<int> level = LevelOf(Member(desk_.Item(item_), "claimed"));
    if (!level) return fmt::print("there is no answer yet\n");
    const std::string comment = json::TextOr(desk_.Item(item_), "comment", "");
    Send(
        fmt::format("{} at level {}", item_, *level),
        [&](bool) { return desk_.Answer(item_, *level, comment); }, true);
  }

  // "3", "3 with a comment", or a level's whole name.
  void Answer(const std::string& line, const std::string& word, const std::string& rest) {
    const ShownScale scale(desk_.assessment());
    const bool number = word.find_first_not_of("0123456789") == std::string::npos;
    const absl::StatusOr<int> level = scale.Meant(number ? word : line);
    if (!level.ok()) return fmt::print("{}\n", MessageOf(level.status()));
    const std::string comment =
        number && !rest.empty() ? rest : json::TextOr(desk_.Item(item_), "comment", "");
    Send(
        fmt::format("{} at {}", item_, scale.Named(*level)),
        [&](bool) { return desk_.Answer(item_, *level, comment); }, true);
  }

  void Attach(const std::string& kind, const std::string& words) {
    if (words.empty()) return fmt::print("what? d FILE, a TEXT or l URL\n");
    EvidenceDraft draft = kind == "a" ? AttestationDraft(words) : LinkDraft(words);
    if (kind == "d") {
      const absl::StatusOr<EvidenceDraft> document = DocumentDraft(words);
      if (!document.ok()) return fmt::print("{}\n", MessageOf(document.status()));
      draft = *document;
    }
    Send(
        fmt::format("{} for {}", draft.kind, item_),
        [&](bool again) { return desk_.Attach(item_, draft, again); }, false);
  }

  // Until it is acknowledged, refused or given up.
  void Send(const std::string& what, const std::function<absl::Status(bool)>& operation, bool go_on) {
    for (bool again = false;; again = true) {
      if (again) desk_.WaitForHost();
      const absl::Status status = operation(again);
      if (status.ok()) {
        fmt::print("saved: {}\n", what);
        if (go_on) GoOn();
        return;
      }
      fmt::print("NOT SAVED: {}: {}\n", what, MessageOf(status));
      if (!MayTryAgain(status)) return;
      fmt::print("r tries again, x gives it up, q quits\n> ");
      std::fflush(stdout);
      const std::optional<std::string> line = ReadLine();
      if (line == "r") continue;
      if (!line || line == "q") {
        unsaved_ = what;
        done_ = true;
      }
      return;
    }
  }

  void GoOn() {
    before_.push_back(item_);
    item_ = desk_.NextAfter(item_);
  }

  void GoBack() {
    if (before_.empty()) return fmt::print("this is the first one\n");
    item_ = before_.back();
    before_.pop_back();
  }

  WalkDesk& desk_;
  const size_t width_;
  std::string item_;
  std::vector<std::string> before_;
  std::string unsaved_;
  bool done_ = false;
};

}  // namespace

int RunLineWalk(WalkDesk& desk, size_t width) {
  const std::string unsaved = LineWalk(desk, width).Run();
  fmt::print("\n{}", WalkSummary(desk, width));
  if (unsaved.empty()) return kFine;
  fmt::print(stderr, "concordat: NOT SAVED: {}\n", unsaved);
  return kCouldNot;
}

}  // namespace concordat::cli
