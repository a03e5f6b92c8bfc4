#include "host/policy/odcs_structure.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/policy/odcs_formats.h"
#include "host/policy/odcs_model.h"

namespace concordat::policy {
namespace {

// The number that a JSON reader sees; nothing for another kind of value.
std::optional<double> NumberOf(const Node& node) {
  if (!node.is_scalar() || node.quoted()) return std::nullopt;
  const json::Value value = node.ToJson();
  if (value.is_int64()) return static_cast<double>(value.get_int64());
  if (value.is_double()) return value.get_double();
  return std::nullopt;
}

bool IsText(const Node& node) { return node.is_scalar() && node.ToJson().is_string(); }
bool IsTextLike(const Node& node, bool (*predicate)(std::string_view)) {
  return IsText(node) && predicate(node.text());
}

bool IsWhole(const Node& node) {
  const std::optional<double> number = NumberOf(node);
  return number && std::floor(*number) == *number;
}

bool IsSftpUri(std::string_view text) { return text.starts_with("sftp://") && IsUri(text); }

bool IsBounds(const Node& node) {
  if (node.items().size() != 2) return false;
  const std::optional<double> lower = NumberOf(node.items()[0]);
  const std::optional<double> upper = NumberOf(node.items()[1]);
  return lower && upper && *lower != *upper;
}

bool AreUniqueTexts(const Node& node) {
  std::set<std::string> seen;
  for (const Node& item : node.items()) {
    if (!IsText(item) || !seen.insert(item.text()).second) return false;
  }
  return !seen.empty();
}

bool AreReferences(const Node& node) {
  if (!node.is_sequence()) return IsTextLike(node, IsReference);
  return !node.items().empty() && std::all_of(node.items().begin(), node.items().end(),
                                              [](const Node& item) { return IsTextLike(item, IsReference); });
}

bool IsOneOf(const Node& node, const std::vector<std::string>& words) {
  return IsText(node) && std::find(words.begin(), words.end(), node.text()) != words.end();
}

// A value of a form that is no shape of its own.
bool Fits(const Type& type, const Node& node) {
  switch (type.form) {
    case Form::kAny:
      return true;
    case Form::kScalar:
      return !node.is_map() && !node.is_sequence();
    case Form::kText:
      return IsText(node);
    case Form::kBoolean:
      return node.ToJson().is_bool();
    case Form::kNumber:
      return NumberOf(node).has_value();
    case Form::kInteger:
      return IsWhole(node);
    case Form::kCount:
      return IsWhole(node) && *NumberOf(node) >= 0;
    case Form::kPositive:
      return NumberOf(node).value_or(0) > 0;
    case Form::kWord:
      return IsOneOf(node, *type.words);
    case Form::kId:
      return IsTextLike(node, IsStableId);
    case Form::kDate:
      return IsTextLike(node, IsDate);
    case Form::kDateTime:
      return IsTextLike(node, IsDateTime);
    case Form::kUri:
      return IsTextLike(node, IsUri);
    case Form::kSftpUri:
      return IsTextLike(node, IsSftpUri);
    case Form::kMap:
    case Form::kShape:
      return node.is_map();
    case Form::kTextOrMap:
      return IsText(node) || node.is_map();
    case Form::kBounds:
      return IsBounds(node);
    case Form::kUniqueTexts:
      return AreUniqueTexts(node);
    case Form::kReferences:
      return AreReferences(node);
    case Form::kTeam:
      return node.is_map() || node.is_sequence();
  }
  return false;
}

constexpr std::pair<Form, std::string_view> kFormsInWords[] = {
    {Form::kScalar, "a single value"},
    {Form::kText, "a text"},
    {Form::kBoolean, "true or false"},
    {Form::kNumber, "a number"},
    {Form::kInteger, "a whole number"},
    {Form::kCount, "a whole number from 0 up"},
    {Form::kPositive, "a number above 0"},
    {Form::kWord, "one word"},
    {Form::kId, "an id of letters, digits, - and _"},
    {Form::kDate, "a date such as 2026-05-20"},
    {Form::kDateTime, "a time such as 2026-05-20T12:00:00Z"},
    {Form::kUri, "a URI such as https://example.org/place"},
    {Form::kSftpUri, "a URI that begins with sftp://"},
    {Form::kMap, "a map of \"key: value\""},
    {Form::kShape, "a map of \"key: value\""},
    {Form::kTextOrMap, "a text or a map"},
    {Form::kBounds, "a list of two different numbers"},
    {Form::kUniqueTexts, "a list of at least one text, each once"},
    {Form::kReferences, "a reference such as object.property, or a list of them"},
    {Form::kTeam, "a map with members, or a list of members"},
};

std::string_view InWords(Form form) {
  for (const auto& [known, words] : kFormsInWords) {
    if (known == form) return words;
  }
  return "anything";
}

std::string Shown(const Node& node) {
  if (node.is_map()) return "a map";
  if (node.is_sequence()) return node.items().empty() ? "an empty list" : "a list";
  if (node.is_null()) return "nothing";
  constexpr size_t kLongest = 60;
  return node.text().size() <= kLongest ? fmt::format("\"{}\"", node.text()) : "this text";
}

bool WantsText(Form form) {
  constexpr Form kForms[] = {Form::kText, Form::kWord,    Form::kId,        Form::kDate,      Form::kDateTime,
                             Form::kUri,  Form::kSftpUri, Form::kTextOrMap, Form::kReferences};
  return std::find(std::begin(kForms), std::end(kForms), form) != std::end(kForms);
}

bool WantsNumber(Form form) {
  return form == Form::kNumber || form == Form::kInteger || form == Form::kCount || form == Form::kPositive;
}

// YAML 1.1 took these words for booleans; YAML 1.2 reads them as texts.
std::string BooleanHint(const std::string& word) {
  const auto is_one_of = [&](const std::vector<std::string>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  if (is_one_of({"yes", "Yes", "YES", "on", "On", "ON", "y", "Y", "1"})) return "write true";
  return is_one_of({"no", "No", "NO", "off", "Off", "OFF", "n", "N", "0"}) ? "write false" : "";
}

std::string MendHint(const Type& type, const Node& node) {
  if (type.form == Form::kWord) return DidYouMean(node.text(), *type.words);
  if (!node.is_scalar()) return "";
  if (WantsText(type.form) && !IsText(node)) return fmt::format("write it in quotes: \"{}\"", node.text());
  if (type.form == Form::kBoolean && !node.quoted()) return BooleanHint(node.text());
  const bool reads_as_value = WantsNumber(type.form) || type.form == Form::kBoolean;
  if (reads_as_value && node.quoted() && Fits(type, Node::Scalar(node.text(), false)))
    return "remove the quotes";
  return "";
}

class Checker {
 public:
  explicit Checker(Issues& issues) : issues_(issues) {}

  void CheckMap(Shape shape, const Node& map) {
    const MapModel model = ModelOf(shape, map);
    for (const Keys* group : model.groups) CheckKeys(model, *group, map);
    if (!model.open) ReportUnknownKeys(model, map);
    if (model.one_operator) CheckOperator(model, map);
    if (shape == Shape::kObjectRelationship) CheckEnds(map);
  }

 private:
  void CheckKeys(const MapModel& model, const Keys& keys, const Node& map) {
    for (const Key& key : keys) {
      const Node value = map[key.name];
      if (value.present()) {
        CheckValue(model, key, value);
      } else if (key.required) {
        issues_.Error(map.place(), "missing-key", fmt::format("the {} needs \"{}\"", model.what, key.name));
      }
    }
  }

  void CheckValue(const MapModel& model, const Key& key, const Node& value) {
    if (!key.type.list) {
      CheckOne(model, key, value);
    } else if (value.is_sequence()) {
      for (const Node& item : value.items()) CheckOne(model, key, item);
    } else {
      Refuse(model, key, value, "a list");
    }
  }

  void CheckOne(const MapModel& model, const Key& key, const Node& value) {
    if (!Fits(key.type, value)) {
      Refuse(model, key, value, InWords(key.type.form));
    } else if (key.type.form == Form::kShape) {
      CheckMap(key.type.shape, value);
    } else if (key.type.form == Form::kTeam) {
      CheckTeam(model, value);
    } else if (WantsNumber(key.type.form) && !value.AsNumber()) {
      issues_.Error(
          value.place(), "odd-number",
          fmt::format("\"{}\" of the {} must be a plain number, not {}", key.name, model.what, value.text()),
          "write it in base ten, without leading zeros");
    }
  }

  void CheckTeam(const MapModel& model, const Node& team) {
    if (team.is_map()) return CheckMap(Shape::kTeam, team);
    static const Key kMember{"team", {Form::kShape, Shape::kMember}};
    for (const Node& member : team.items()) CheckOne(model, kMember, member);
  }

  void Refuse(const MapModel& model, const Key& key, const Node& value, std::string_view wanted) {
    if (value.is_null()) {
      issues_.Error(value.place(), "empty-value",
                    fmt::format("\"{}\" of the {} has no value; it must be {}", key.name, model.what, wanted),
                    "give it a value or remove the key");
    } else if (key.type.form == Form::kWord && IsText(value)) {
      issues_.Error(value.place(), "unknown-word",
                    fmt::format("\"{}\" is no word for \"{}\" of the {}", value.text(), key.name, model.what),
                    MendHint(key.type, value));
    } else {
      issues_.Error(
          value.place(), "wrong-type",
          fmt::format("\"{}\" of the {} must be {}, not {}", key.name, model.what, wanted, Shown(value)),
          MendHint(key.type, value));
    }
  }

  void ReportUnknownKeys(const MapModel& model, const Node& map) {
    std::vector<std::string> known;
    for (const Keys* group : model.groups) {
      for (const Key& key : *group) known.emplace_back(key.name);
    }
    for (const Node::Member& member : map.members()) {
      if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
      issues_.Error(member.key_place, "unknown-key",
                    fmt::format("the {} has no key \"{}\"", model.what, member.key),
                    DidYouMean(member.key, known));
    }
  }

  void CheckOperator(const MapModel& model, const Node& map) {
    std::vector<std::string> present;
    for (const std::string& name : OperatorNames()) {
      if (map[name].present()) present.push_back(name);
    }
    if (present.size() == 1) return;
    const std::string got = present.empty() ? "none" : fmt::format("{}", fmt::join(present, ", "));
    issues_.Error(
        map.place(), "operator-count",
        fmt::format("the {} needs exactly one comparison such as mustBe, and has {}", model.what, got),
        "for a range write mustBeBetween: [lowest, highest]");
  }

  void CheckEnds(const Node& map) {
    const Node from = map["from"];
    const Node to = map["to"];
    if (!from.present() || !to.present() || from.is_sequence() == to.is_sequence()) return;
    issues_.Error(map.place(), "wrong-type",
                  "from and to of a relationship must both be single or both be lists",
                  "write both as lists of the same length");
  }

  Issues& issues_;
};

}  // namespace

void CheckStructure(const Node& document, Issues& issues) {
  if (!document.is_map()) {
    issues.Error(document.place(), "wrong-type",
                 fmt::format("a contract must be a map of \"key: value\", not {}", Shown(document)));
    return;
  }
  Checker(issues).CheckMap(Shape::kContract, document);
}

}  // namespace concordat::policy
