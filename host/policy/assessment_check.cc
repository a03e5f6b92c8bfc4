#include "host/policy/assessment_check.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"
#include "host/policy/names.h"

namespace concordat::policy {
namespace {

class Checker {
 public:
  Checker(const AssessmentTemplate& form, const Node& document, Issues& issues)
      : form_(form), document_(document), issues_(issues) {
    for (const AssessmentTheme& theme : form.themes) {
      themes_.push_back(theme.id);
      for (const AssessmentItem& item : theme.items) items_.push_back(item.id);
    }
  }

  void CheckItems() {
    size_t at = 0;
    const std::vector<Node>& themes = document_["themes"].items();
    for (size_t theme = 0; theme < form_.themes.size(); ++theme) {
      const std::vector<Node>& nodes = themes[theme]["items"].items();
      for (size_t item = 0; item < form_.themes[theme].items.size(); ++item) {
        CheckItem(form_.themes[theme].items[item], nodes[item], at++);
      }
    }
  }

  void CheckCaps() {
    const std::vector<Node>& nodes = document_["caps"].items();
    for (size_t i = 0; i < form_.caps.size(); ++i) CheckCap(form_.caps[i], nodes[i]);
  }

  void CheckStatuses() {
    const std::vector<Node>& nodes = document_["statuses"].items();
    for (size_t later = 0; later < form_.statuses.size(); ++later) {
      for (size_t earlier = 0; earlier < later; ++earlier) {
        const AssessmentStatus& before = form_.statuses[earlier];
        if (!HoldsWhenever(before, form_.statuses[later])) continue;
        issues_.Error(nodes[later].place(), "unreachable-status",
                      fmt::format("\"{}\" is never reached: \"{}\" before it holds whenever this one does",
                                  form_.statuses[later].id, before.id),
                      "write the statuses from the most demanding to the one that always holds");
        break;
      }
    }
  }

  // How levels are drawn must give what is drawn from it.
  void CheckScoring() {
    const Node scoring = document_["scoring"];
    const std::string& whole = form_.scoring.organisation;
    if (form_.scoring.theme == "none" && (whole == "lowest" || whole == "mean")) {
      issues_.Error(
          scoring["organisation"].place(), "unexpected-key",
          fmt::format("\"{}\" is drawn from the levels of themes, and theme: none draws none", whole),
          "write organisation: none or status, or draw levels of themes");
    }
    if (whole == "status" && form_.statuses.empty()) {
      issues_.Error(
          scoring["organisation"].place(), "missing-key", "organisation: status needs \"statuses\"",
          "list them, such as [{id: met, name: Standards met, level: 2}, {id: not-met, name: Not met}]");
    }
  }

 private:
  void CheckItem(const AssessmentItem& item, const Node& node, size_t at) {
    for (size_t i = 0; i < item.characteristics.size(); ++i) {
      const std::string& word = item.characteristics[i];
      if (std::find(form_.characteristics.begin(), form_.characteristics.end(), word) !=
          form_.characteristics.end()) {
        continue;
      }
      issues_.Error(EntryOf(node, "characteristics", i).place(), "unknown-characteristic",
                    fmt::format("the template lists no characteristic \"{}\"", word),
                    form_.characteristics.empty() ? "list it under characteristics of the template"
                                                  : DidYouMean(word, form_.characteristics));
    }
    if (item.asked_when) CheckCondition(*item.asked_when, node["asked_when"], at);
  }

  void CheckCondition(const ItemCondition& condition, const Node& node, size_t at) {
    const auto found = std::find(items_.begin(), items_.end(), condition.item);
    if (condition.item.empty()) return;
    if (found == items_.end()) return UnknownItem(condition.item, node["item"]);
    if (static_cast<size_t>(found - items_.begin()) >= at) {
      issues_.Error(node["item"].place(), "forward-condition",
                    fmt::format("\"{}\" {}", condition.item,
                                *found == items_[at] ? "would depend on itself" : "is asked later than this"),
                    "a question may depend on earlier ones only; change their order");
    }
    if (!form_.scale.empty() && condition.at_least == form_.scale.front().level) {
      issues_.Warn(node["at_least"].place(), "no-effect", "every answer is at the lowest level at least",
                   "name a higher level, or leave the condition out");
    }
  }

  void CheckCap(const LevelCap& cap, const Node& node) {
    if (!cap.item.empty() && std::find(items_.begin(), items_.end(), cap.item) == items_.end())
      UnknownItem(cap.item, node["item"]);
    if (!cap.theme.empty() && std::find(themes_.begin(), themes_.end(), cap.theme) == themes_.end()) {
      issues_.Error(node["theme"].place(), "unknown-theme",
                    fmt::format("the template has no theme \"{}\"", cap.theme),
                    DidYouMean(cap.theme, themes_));
    }
    if (form_.scale.empty()) return;
    if (cap.below == form_.scale.front().level) {
      issues_.Warn(node["below"].place(), "no-effect", "no answer is below the lowest level");
    }
    if (cap.at == form_.scale.back().level) {
      issues_.Warn(node["at"].place(), "no-effect", "the highest level holds nothing back");
    }
    const std::string& drawn = cap.theme.empty() ? form_.scoring.organisation : form_.scoring.theme;
    if (drawn == "none" || drawn == "status") {
      issues_.Warn(node.place(), "no-effect",
                   fmt::format("no level is drawn of the {}", cap.theme.empty() ? "organisation" : "themes"),
                   "leave the cap out, or change \"scoring\"");
    }
  }

  void UnknownItem(const std::string& item, const Node& node) {
    issues_.Error(node.place(), "unknown-item", fmt::format("the template has no item \"{}\"", item),
                  DidYouMean(item, items_));
  }

  // Whether `before` must hold when `later` does.
  static bool HoldsWhenever(const AssessmentStatus& before, const AssessmentStatus& later) {
    if (!before.level) return true;
    if (!later.level) return false;
    const bool all_of_all = later.of == "all" && later.share >= 1;
    const bool counts_alike = before.of == later.of || all_of_all;
    const bool plans_alike = !before.needs_plan || (later.needs_plan && before.of == later.of) || all_of_all;
    return counts_alike && plans_alike && *before.level <= *later.level && before.share <= later.share;
  }

  const AssessmentTemplate& form_;
  const Node& document_;
  Issues& issues_;
  std::vector<std::string> themes_;
  std::vector<std::string> items_;
};

}  // namespace

void CheckAssessmentTemplate(const AssessmentTemplate& form, const Node& document, Issues& issues) {
  Checker checker(form, document, issues);
  checker.CheckItems();
  checker.CheckCaps();
  checker.CheckStatuses();
  checker.CheckScoring();
}

}  // namespace concordat::policy
