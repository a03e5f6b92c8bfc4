// The words and signs of self-assessments that terminal, page and table share: what a colour says stands
// beside it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/json.h"
#include "tools/concordat/terminal.h"

namespace concordat::cli {

/// A level of a scale, as the document has it.
struct ShownLevel {
  int level = 0;
  std::string name;
  std::string description;
  std::string colour;  // red | amber | green, or empty
};

/// The scale of an assessment, a template or a partnership's view.
class ShownScale {
 public:
  explicit ShownScale(const json::Value& document);
  const std::vector<ShownLevel>& levels() const { return levels_; }
  const ShownLevel* Find(int level) const;
  /// "3 above minimum"; "-" for nothing.
  std::string Named(std::optional<int> level) const;
  /// red | amber | green, or empty.
  std::string ColourOf(std::optional<int> level) const;
  /// One cell a level, filled up to this one: "██░░"; blanks for nothing.
  std::string Steps(std::optional<int> level) const;
  /// The level that a person meant: a number or a name in any case. Names all levels otherwise.
  absl::StatusOr<int> Meant(std::string_view words) const;

 private:
  std::vector<ShownLevel> levels_;
};

/// A JSON number as a level; nothing for null.
std::optional<int> LevelOf(const json::Value& level);
/// The member's text, fit for a terminal; empty when absent or null.
std::string Words(const json::Value& object, std::string_view member);
/// "Pat" of spiffe://.../constabulary/steward/pat becomes "pat (constabulary steward)"; other texts stay.
std::string PersonOf(std::string_view holder);
/// "signed off" of signed_off.
std::string StateWords(std::string_view state);
/// The day of a time: its first ten characters.
std::string DayOf(const json::Value& object, std::string_view member);
/// "1 question", "3 questions".
std::string Counted(uint64_t count, std::string_view noun);

/// A blank line and the title in bold.
std::string Heading(std::string_view title);

/// "nothing measured" of not_bound; the word itself otherwise.
std::string AssuranceWords(std::string_view assurance);
/// One character for it.
std::string_view AssuranceSign(std::string_view assurance);
Colour AssuranceColour(std::string_view assurance);

/// ▼ red, ◆ amber, ▲ green, nothing for none.
std::string_view ColourSign(std::string_view colour);
/// Terminal colour of red, amber, green.
Colour PaintOf(std::string_view colour);

/// What a reader of the document may do next.
struct NextStep {
  std::string what;     // "3 questions are open, 2 of them mandatory"
  std::string command;  // "concordat assess walk A-..."
};
std::vector<NextStep> NextSteps(const json::Value& assessment);

/// An item that is asked of this partner now.
bool IsAsked(const json::Value& item);
/// Asked of this category of partner, now or once what it depends on is answered.
bool Applies(const json::Value& item);
/// Asked, and without an answer or with one that was carried over and not confirmed yet.
bool IsOpen(const json::Value& item);

}  // namespace concordat::cli
