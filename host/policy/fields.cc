#include "host/policy/fields.h"

#include <algorithm>
#include <array>

#include "fmt/format.h"
#include "fmt/ranges.h"

namespace concordat::policy {
namespace {

std::string Lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool LooksBoolean(const Node& node) {
  constexpr std::array<std::string_view, 8> kWords = {"yes", "no", "on", "off", "y", "n", "true", "false"};
  return std::find(kWords.begin(), kWords.end(), Lower(node.text())) != kWords.end();
}

std::string_view WithoutSign(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  return text;
}

bool AllOf(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

// Words that other YAML readers take for numbers, each with what to write instead; empty for all other words.
std::string OddNumberHint(std::string_view text) {
  text = WithoutSign(text);
  if (text.size() > 1 && text[0] == '0' && AllOf(text.substr(1), "0123456789")) {
    const size_t digit = std::min(text.find_first_not_of('0'), text.size() - 1);
    return fmt::format(
        "some readers take a leading zero for base eight; write {}, or quote it if it is a text",
        text.substr(digit));
  }
  if (text.starts_with("0o") && AllOf(text.substr(2), "01234567"))
    return "write the number in base ten, without 0o";
  if (text.starts_with("0x") && AllOf(text.substr(2), "0123456789abcdefABCDEF")) {
    return "write the number in base ten, without 0x";
  }
  if (text.find(':') != std::string_view::npos && AllOf(text, "0123456789:.")) {
    return "some readers take digits with colons for base sixty; write a plain number, or quote it if it is "
           "a text";
  }
  if (text.find('_') != std::string_view::npos && AllOf(text, "0123456789_."))
    return "write the digits without _";
  return "";
}

std::string Describe(const Node& node) {
  switch (node.kind()) {
    case Node::Kind::kMap:
      return "a map";
    case Node::Kind::kSequence:
      return "a list";
    case Node::Kind::kNull:
      return "nothing";
    case Node::Kind::kAbsent:
      return "nothing";
    case Node::Kind::kScalar:
      return fmt::format("\"{}\"", node.text());
  }
  return "nothing";
}

}  // namespace

Fields::Fields(const Node& map, std::string what, Issues& issues)
    : map_(map), what_(std::move(what)), issues_(issues) {
  if (map_.is_map() || !map_.present()) return;
  issues_.Error(map_.place(), "wrong-type",
                fmt::format("{} must be a map of \"key: value\", not {}", what_, Describe(map_)),
                map_.text().find(':') != std::string::npos ? "a space must follow the colon" : "");
}

Node Fields::Take(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  return map_[key];
}

void Fields::WrongType(std::string_view key, std::string_view wanted, const Node& got) {
  if (got.is_null()) {
    issues_.Error(got.place(), "empty-value",
                  fmt::format("\"{}\" of the {} has no value; it must be {}", key, what_, wanted),
                  "give it a value or remove the key");
    return;
  }
  issues_.Error(got.place(), "wrong-type",
                fmt::format("\"{}\" of the {} must be {}, not {}", key, what_, wanted, Describe(got)));
}

Node Fields::Any(std::string_view key) { return Take(key); }

std::string Fields::Text(std::string_view key) {
  const Node node = Take(key);
  if (!node.present()) {
    if (map_.is_map()) {
      issues_.Error(map_.place(), "missing-key", fmt::format("the {} needs \"{}\"", what_, key));
    }
    return "";
  }
  if (!node.is_scalar() || node.text().empty()) {
    WrongType(key, "a text", node.is_scalar() ? Node::Null(node.place()) : node);
    return "";
  }
  return node.text();
}

std::string Fields::TextOr(std::string_view key, std::string fallback) {
  const Node node = Take(key);
  if (!node.present()) return fallback;
  if (node.is_scalar()) return node.text();
  WrongType(key, "a text", node);
  return fallback;
}

std::optional<double> Fields::Number(std::string_view key) {
  const Node node = Take(key);
  if (!node.present()) return std::nullopt;
  if (const auto number = node.AsNumber()) return number;
  ReportNotNumber(key, "a number", node);
  return std::nullopt;
}

std::optional<int64_t> Fields::Integer(std::string_view key) {
  const Node node = Take(key);
  if (!node.present()) return std::nullopt;
  if (const auto integer = node.AsInteger()) return integer;
  ReportNotNumber(key, "a whole number", node);
  return std::nullopt;
}

void Fields::ReportNotNumber(std::string_view key, std::string_view wanted, const Node& got) {
  const std::string odd = got.is_scalar() && !got.quoted() ? OddNumberHint(got.text()) : "";
  if (!odd.empty()) {
    issues_.Error(got.place(), "odd-number",
                  fmt::format("\"{}\" of the {} must be {}, not {}", key, what_, wanted, got.text()), odd);
  } else if (got.quoted() && Node::Scalar(got.text(), false).AsNumber()) {
    issues_.Error(got.place(), "wrong-type",
                  fmt::format("\"{}\" of the {} must be {}, not a text", key, what_, wanted),
                  "remove the quotes");
  } else {
    WrongType(key, wanted, got);
  }
}

bool Fields::BoolOr(std::string_view key, bool fallback) {
  const Node node = Take(key);
  if (!node.present()) return fallback;
  if (const auto truth = node.AsBool()) return *truth;
  if (node.is_scalar() && LooksBoolean(node)) {
    const std::string word = Lower(node.text());
    const bool meant = word == "yes" || word == "on" || word == "y" || word == "true";
    issues_.Error(node.place(), "odd-boolean",
                  fmt::format("\"{}\" of the {} must be true or false, not {}", key, what_,
                              node.quoted() ? "the text \"" + node.text() + "\"" : node.text()),
                  fmt::format("write {}", meant));
  } else {
    WrongType(key, "true or false", node);
  }
  return fallback;
}

std::vector<std::string> Fields::Texts(std::string_view key) {
  std::vector<std::string> texts;
  const Node node = Take(key);
  if (!node.present()) return texts;
  if (!node.is_sequence()) {
    WrongType(key, "a list, written [a, b]", node);
    return texts;
  }
  for (const Node& item : node.items()) {
    if (item.is_scalar()) {
      texts.push_back(item.text());
    } else {
      issues_.Error(item.place(), "wrong-type",
                    fmt::format("an entry of \"{}\" must be a text, not {}", key, Describe(item)));
    }
  }
  return texts;
}

double Fields::ShareOr(std::string_view key, double fallback) { return Share(key).value_or(fallback); }

std::optional<double> Fields::Share(std::string_view key) {
  const Node node = Take(key);
  if (!node.present()) return std::nullopt;
  std::optional<double> share = node.AsNumber();
  if (!share && node.is_scalar() && node.text().ends_with('%')) {
    share = Node::Scalar(node.text().substr(0, node.text().size() - 1), false).AsNumber();
    if (share) *share /= 100;
  }
  if (!share) {
    ReportNotNumber(key, "a share such as 5% or 0.05", node);
  } else if (*share < 0 || *share > 1) {
    issues_.Error(node.place(), "out-of-range",
                  fmt::format("\"{}\" of the {} must lie between 0% and 100%", key, what_),
                  *share > 1 && *share <= 100 ? fmt::format("did you mean {}%?", node.text()) : "");
    share.reset();
  }
  return share;
}

std::string Fields::WordOr(std::string_view key, std::string fallback,
                           const std::vector<std::string>& words) {
  const Node node = Take(key);
  if (!node.present()) return fallback;
  if (!node.is_scalar()) {
    WrongType(key, "one word", node);
    return fallback;
  }
  if (std::find(words.begin(), words.end(), node.text()) != words.end()) return node.text();
  const std::string hint = DidYouMean(node.text(), words);
  issues_.Error(node.place(), "unknown-word",
                fmt::format("\"{}\" is no word for \"{}\" of the {}", node.text(), key, what_), hint);
  return fallback;
}

Node Fields::Map(std::string_view key) {
  const Node node = Take(key);
  if (!node.present() || node.is_map()) return node;
  WrongType(key, "a map of \"key: value\"", node);
  return {};
}

Node Fields::Sequence(std::string_view key) {
  const Node node = Take(key);
  if (!node.present() || node.is_sequence()) return node;
  WrongType(key, "a list", node);
  return {};
}

void Fields::NotBuiltYet(std::string_view key, std::string_view instead) {
  if (!Take(key).present()) return;
  issues_.Error(
      map_.KeyPlace(key), "not-built-yet",
      fmt::format("\"{}\" of the {} is known but not built yet, so it must not stand here", key, what_),
      std::string(instead));
}

bool Fields::Has(std::string_view key) const { return map_[key].present(); }

void Fields::Error(std::string_view key, std::string code, std::string message, std::string hint) {
  const Node node = map_[key];
  issues_.Error(node.present() ? node.place() : map_.place(), std::move(code), std::move(message),
                std::move(hint));
}

void Fields::Warn(std::string_view key, std::string code, std::string message, std::string hint) {
  const Node node = map_[key];
  issues_.Warn(node.present() ? node.place() : map_.place(), std::move(code), std::move(message),
               std::move(hint));
}

void Fields::Finish() {
  for (const Node::Member& member : map_.members()) {
    if (std::find(known_.begin(), known_.end(), member.key) != known_.end()) continue;
    std::string hint = DidYouMean(member.key, known_);
    if (hint.empty() && !known_.empty()) hint = fmt::format("one of: {}", fmt::join(known_, ", "));
    issues_.Error(member.key_place, "unknown-key", fmt::format("the {} has no key \"{}\"", what_, member.key),
                  std::move(hint));
  }
}

}  // namespace concordat::policy
