#include "tools/concordat/walk/walk.h"

#include <algorithm>
#include <functional>

#include "fmt/format.h"
#include "tools/concordat/exit_code.h"
#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/terminal.h"
#include "tools/concordat/text_width.h"
#include "tools/concordat/walk/terminal_keys.h"
#include "tools/concordat/walk/walk_screen.h"

namespace concordat::cli {
namespace {

class Walk {
 public:
  Walk(WalkDesk& desk, Terminal& terminal) : desk_(desk), terminal_(terminal) {}

  // What could not be saved when the user left, or "".
  std::string Run() {
    Visit(desk_.NextAfter(""));
    while (!done_) {
      Draw();
      Handle(terminal_.Read());
    }
    return unsaved_;
  }

 private:
  const json::Value& item() const { return desk_.Item(view_.item); }

  void Draw() {
    view_.assessment = &desk_.assessment();
    terminal_.Show(WalkFrame(view_, terminal_.size()));
  }

  void Visit(const std::string& id) {
    if (id.empty()) {
      done_ = true;
      return;
    }
    const std::string message = view_.message;
    const bool guidance = view_.guidance;
    view_ = WalkView();
    view_.item = id;
    view_.guidance = guidance;
    view_.message = message;
    view_.level = LevelOf(Member(item(), "claimed"));
    view_.comment = json::TextOr(item(), "comment", "");
    digits_.clear();
  }

  void GoOn() {
    before_.push_back(view_.item);
    Visit(desk_.NextAfter(view_.item));
  }

  void Say(std::string message, bool trouble = false) {
    view_.message = std::move(message);
    view_.trouble = trouble;
  }

  void Handle(const Key& key) {
    switch (key.kind) {
      case KeyKind::kText:
        return HandleText(key.text);
      case KeyKind::kEnter:
        return Save();
      case KeyKind::kUp:
        return Move(-1);
      case KeyKind::kDown:
        return Move(1);
      case KeyKind::kPageUp:
        view_.scroll -= std::min(view_.scroll, kPage);
        return;
      case KeyKind::kPageDown:
        view_.scroll += kPage;
        return;
      case KeyKind::kInterrupt:
      case KeyKind::kEnd:
        return Quit();
      default:
        return;
    }
  }

  void HandleText(const std::string& text) {
    if (text.size() == 1 && text[0] >= '0' && text[0] <= '9') return ChooseDigit(text);
    digits_.clear();
    if (text == "c") return EditComment();
    if (text == "e") return AddEvidence();
    if (text == "o") return EditOwner();
    if (text == "s") return Leave([this] { GoOn(); });
    if (text == "b") return Leave([this] { GoBack(); });
    if (text == "q") return Quit();
    if (text == "?") return Help();
    if (text == "g") {
      view_.guidance = !view_.guidance;
      view_.scroll = 0;
      return Say(view_.guidance ? "" : "guidance is folded away; g shows it");
    }
    Say(fmt::format("\"{}\" does nothing here; ? shows the keys", text));
  }

  // A scale may have levels of two digits: "1", then "0" means 10 where there is such a level.
  void ChooseDigit(const std::string& digit) {
    const ShownScale scale(desk_.assessment());
    for (const std::string& tried : {digits_ + digit, digit}) {
      if (tried.size() > 4 || scale.Find(std::stoi(tried)) == nullptr) continue;
      digits_ = tried;
      view_.level = std::stoi(tried);
      return Say("");
    }
    digits_.clear();
    Say(fmt::format("there is no level {}; {}", digit, LevelsInWords()), true);
  }

  std::string LevelsInWords() const {
    const ShownScale scale(desk_.assessment());
    const auto& levels = scale.levels();
    return levels.empty() ? "the scale has none"
                          : fmt::format("choose from {} to {}", levels.front().level, levels.back().level);
  }

  void Move(int step) {
    const ShownScale scale(desk_.assessment());
    const auto& levels = scale.levels();
    if (levels.empty()) return;
    size_t at = step > 0 ? 0 : levels.size() - 1;
    for (size_t i = 0; view_.level && i < levels.size(); ++i) {
      if (levels[i].level != *view_.level) continue;
      at = step > 0 ? std::min(i + 1, levels.size() - 1) : i - std::min<size_t>(i, 1);
    }
    view_.level = levels[at].level;
    digits_.clear();
    Say("");
  }

  // The level and the comment as they are shown; with nothing new there is nothing to send.
  void Save() {
    if (!view_.level)
      return Say(fmt::format("no level yet: {}, or up and down; s skips", LevelsInWords()), true);
    const bool review = Member(item(), "reviewNeeded").is_bool() && Member(item(), "reviewNeeded").get_bool();
    const bool same = LevelOf(Member(item(), "claimed")) == view_.level && !view_.comment_unsaved;
    if (same && !review) {
      Say("");
      return GoOn();
    }
    const std::string id = view_.item;
    const int level = *view_.level;
    const std::string comment = view_.comment;
    const std::string what =
        fmt::format("{} at level {}{}", id, level, comment.empty() ? "" : " with its comment");
    if (!Send(what, [&](bool) { return desk_.Answer(id, level, comment); })) return;
    Say(fmt::format("saved: {}{}", what, GapWords()));
    GoOn();
  }

  // Whether the claim just saved stands beside its evidence: the next screen shows another item.
  std::string GapWords() const {
    const std::string assurance = json::TextOr(item(), "assurance", "");
    return assurance.empty() || assurance == "not_bound" ? ""
                                                         : fmt::format(" ({})", AssuranceWords(assurance));
  }

  // Sends until it is acknowledged, refused, or given up by the user. Every try is told apart: `again`.
  bool Send(const std::string& what, const std::function<absl::Status(bool again)>& operation) {
    for (bool again = false;; again = true) {
      Say(fmt::format("{}: {} ...", again ? "trying again" : "sending", what));
      Draw();
      terminal_.SetBusy(true);
      if (again) desk_.WaitForHost();
      const absl::Status status = operation(again);
      terminal_.SetBusy(false);
      if (status.ok()) return true;
      if (!MayTryAgain(status)) {
        Say(fmt::format("not saved: {}: {}", what, MessageOf(status)), true);
        return false;
      }
      if (!TryAgain(what, status)) return false;
    }
  }

  bool TryAgain(const std::string& what, const absl::Status& status) {
    Say(fmt::format("NOT SAVED: {}. {}", what, MessageOf(status)), true);
    view_.keys = "r try again  x give it up  q quit";
    std::string choice;
    while (choice.empty()) {
      Draw();
      const Key key = terminal_.Read();
      if (key.kind == KeyKind::kText && (key.text == "r" || key.text == "x" || key.text == "q"))
        choice = key.text;
      if (key.kind == KeyKind::kInterrupt || key.kind == KeyKind::kEnd) choice = "q";
    }
    view_.keys.clear();
    if (choice == "r") return true;
    Say(fmt::format("given up, not saved: {}", what), true);
    if (choice == "q") {
      unsaved_ = what;
      done_ = true;
    }
    return false;
  }

  // One line typed at the bottom of the screen; nothing when it was left with Escape.
  std::optional<std::string> Ask(const std::string& prompt, const std::string& typed) {
    view_.prompt = prompt;
    view_.typed = typed;
    std::optional<std::string> answer;
    bool open = true;
    while (open) {
      Draw();
      const Key key = terminal_.Read();
      open = TakeTyped(key, answer);
    }
    view_.prompt.reset();
    return answer;
  }

  // False ends the line.
  bool TakeTyped(const Key& key, std::optional<std::string>& answer) {
    switch (key.kind) {
      case KeyKind::kText:
        view_.typed += key.text;
        return true;
      case KeyKind::kBackspace:
        while (!view_.typed.empty() && (static_cast<unsigned char>(view_.typed.back()) & 0xC0) == 0x80)
          view_.typed.pop_back();
        if (!view_.typed.empty()) view_.typed.pop_back();
        return true;
      case KeyKind::kClear:
        view_.typed.clear();
        return true;
      case KeyKind::kEnter:
        answer = view_.typed;
        return false;
      case KeyKind::kEscape:
      case KeyKind::kInterrupt:
        Say("left as it was");
        return false;
      case KeyKind::kEnd:
        Say("left as it was");
        done_ = true;
        return false;
      default:
        return true;
    }
  }

  void EditComment() {
    const std::optional<std::string> comment = Ask("Comment (Enter, Esc):", view_.comment);
    if (!comment) return;
    view_.comment_unsaved = *comment != json::TextOr(item(), "comment", "");
    view_.comment = *comment;
    Say(view_.comment_unsaved ? "the comment is saved with the level: Enter" : "");
  }

  void EditOwner() {
    const std::optional<std::string> owner = Ask("Owner (empty: nobody):", json::TextOr(item(), "owner", ""));
    if (!owner) return;
    const std::string id = view_.item;
    const std::string what = fmt::format("owner of {}", id);
    if (Send(what, [&](bool) { return desk_.Assign(id, *owner); })) Say("saved: " + what);
  }

  absl::StatusOr<EvidenceDraft> AskEvidence(const std::string& kind) {
    const bool document = kind == "d";
    const std::optional<std::string> words = Ask(document      ? "Document, path:"
                                                 : kind == "a" ? "Your word for it:"
                                                               : "Link:",
                                                 "");
    if (!words || words->empty()) return absl::CancelledError("nothing attached");
    EvidenceDraft draft = kind == "a" ? AttestationDraft(*words) : LinkDraft(*words);
    if (document) {
      ASSIGN_OR_RETURN(draft, DocumentDraft(*words));
    }
    const std::optional<std::string> expires = Ask("Valid until (2027-03-31; empty: as usual):", "");
    if (!expires) return absl::CancelledError("nothing attached");
    draft.expires = *expires;
    return draft;
  }

  // The keys of what the question accepts: nobody types what would be refused.
  std::string EvidenceKeys() const {
    std::string keys;
    for (const json::Value& kind : ItemsOf(item(), "accepts")) {
      const std::string word = kind.is_string() ? std::string(kind.get_string()) : "";
      if (word == "document") keys += "d";
      if (word == "attestation") keys += "a";
      if (word == "link") keys += "l";
    }
    return keys;
  }

  void AddEvidence() {
    const std::string accepted = EvidenceKeys();
    if (accepted.empty()) return Say("nothing is attached to this question", true);
    std::string words;
    view_.keys.clear();
    for (const char key : accepted) {
      words += fmt::format("{}{}", words.empty() ? "" : ", ",
                           key == 'd'   ? "d a document"
                           : key == 'a' ? "a your word for it"
                                        : "l a link");
      view_.keys += key == 'd' ? "d document  " : key == 'a' ? "a attest  " : "l link  ";
    }
    Say(fmt::format("evidence: {}; Esc leaves it", words));
    view_.keys += "Esc";
    Draw();
    const Key key = terminal_.Read();
    view_.keys.clear();
    Say("");
    if (key.kind == KeyKind::kEnd) return Quit();
    if (key.kind != KeyKind::kText || key.text.size() != 1) return;
    if (accepted.find(key.text) == std::string::npos)
      return Say(fmt::format("\"{}\" attaches nothing here: {}", Harmless(key.text), words));
    const absl::StatusOr<EvidenceDraft> draft = AskEvidence(key.text);
    if (!draft.ok())
      return Say(std::string(MessageOf(draft.status())),
                 draft.status().code() != absl::StatusCode::kCancelled);
    const std::string id = view_.item;
    const std::string what = fmt::format("{} for {}", draft->kind, id);
    if (Send(what, [&](bool again) { return desk_.Attach(id, *draft, again); })) Say("saved: " + what);
  }

  void GoBack() {
    if (before_.empty()) return Say("this is the first one");
    const std::string id = before_.back();
    before_.pop_back();
    Say("");
    Visit(id);
  }

  // A comment that was typed and not saved is not left behind without a word.
  void Leave(const std::function<void()>& go) {
    if (view_.comment_unsaved && !SaveRemark()) return;
    Say("");
    go();
  }

  bool SaveRemark() {
    Say("the comment is not saved: y keeps it as a remark, n throws it away, Esc stays here", true);
    view_.keys = "y keep  n throw away  Esc";
    Draw();
    const Key key = terminal_.Read();
    view_.keys.clear();
    Say("");
    if (key.kind == KeyKind::kText && key.text == "n") return true;
    if (key.kind == KeyKind::kEnd) unsaved_ = "the comment on " + view_.item;
    if (key.kind == KeyKind::kEnd) return true;
    if (key.kind != KeyKind::kText || key.text != "y") return false;
    const std::string id = view_.item;
    const std::string text = view_.comment;
    return Send("remark on " + id, [&](bool) { return desk_.Remark(id, text); });
  }

  void Quit() {
    Leave([this] { done_ = true; });
  }

  void Help() {
    view_.help = true;
    Draw();
    const Key key = terminal_.Read();
    view_.help = false;
    if (key.kind == KeyKind::kEnd) Quit();
  }

  static constexpr size_t kPage = 5;

  WalkDesk& desk_;
  Terminal& terminal_;
  WalkView view_;
  std::string digits_;
  std::vector<std::string> before_;
  std::string unsaved_;
  bool done_ = false;
};

}  // namespace

int RunWalk(WalkDesk& desk) {
  std::string unsaved;
  if (!desk.NextAfter("").empty()) {
    const auto terminal = Terminal::Open();
    if (!terminal.ok()) {
      fmt::print(stderr, "concordat: {}\n", MessageOf(terminal.status()));
      return ExitCodeOf(terminal.status());
    }
    unsaved = Walk(desk, **terminal).Run();
  }
  const size_t columns = TerminalColumns();
  fmt::print("{}", WalkSummary(desk, columns == 0 ? 80 : columns));
  if (unsaved.empty()) return kFine;
  fmt::print(stderr, "concordat: NOT SAVED: {}\n", unsaved);
  return kCouldNot;
}

}  // namespace concordat::cli
