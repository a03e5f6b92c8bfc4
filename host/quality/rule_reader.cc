#include "host/quality/rule_reader.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/base/utf8.h"
#include "host/quality/kinds/kinds.h"
#include "host/quality/list_file.h"

namespace concordat::quality {
namespace {

std::vector<std::string> NamesOf(const data::Schema& schema) {
  std::vector<std::string> names;
  for (const data::Field& field : schema.fields) names.push_back(field.name);
  return names;
}

Answer ToAnswer(policy::Handling handling, Answer otherwise) {
  switch (handling) {
    case policy::Handling::kDefault:
      return otherwise;
    case policy::Handling::kSkip:
      return Answer::kSkip;
    case policy::Handling::kFail:
      return Answer::kFail;
    case policy::Handling::kUnresolved:
      return Answer::kUnresolved;
  }
  return otherwise;
}

}  // namespace

RuleReader::RuleReader(const policy::RuleSpec& spec, const data::Schema& schema,
                       const policy::PolicySet& policies, ListCache& lists, Issues& issues)
    : spec_(spec),
      schema_(schema),
      policies_(policies),
      lists_(lists),
      issues_(issues),
      with_(spec.with.present() ? spec.with : policy::Node::Map({}, spec.place),
            fmt::format("rule \"{}\"", spec.id), issues) {}

std::optional<size_t> RuleReader::Find(const std::string& name, const Place& place) {
  const std::optional<size_t> field = schema_.Find(name);
  if (field) {
    UseColumn(*field);
  } else {
    issues_.Error(place, "unknown-field",
                  fmt::format("rule {}: the contract has no field \"{}\"", spec_.id, name),
                  DidYouMean(name, NamesOf(schema_)));
  }
  return field;
}

void RuleReader::UseColumn(size_t field) {
  const std::string& name = schema_.fields[field].name;
  if (std::find(columns_.begin(), columns_.end(), name) == columns_.end()) columns_.push_back(name);
}

std::optional<size_t> RuleReader::Field(std::string_view key) {
  if (with_.Has(key)) return NamedField(key);
  if (!spec_.field.empty()) return Find(spec_.field, spec_.place);
  return NamedField(key);
}

std::optional<size_t> RuleReader::NamedField(std::string_view key) {
  const std::string name = with_.Text(key);
  if (name.empty()) return std::nullopt;
  return Find(name, with_.map()[key].place());
}

std::vector<size_t> RuleReader::FieldList(size_t at_least, std::string_view key) {
  if (!with_.Has(key)) {
    const bool of_property = key == "fields" && at_least <= 1;
    if (of_property) {
      const std::optional<size_t> field = Field();
      return field ? std::vector<size_t>{*field} : std::vector<size_t>{};
    }
    Error("missing-key", fmt::format("name its fields under {}", key),
          fmt::format("{}: [first, second]", key));
    return {};
  }
  std::vector<size_t> fields;
  bool good = true;
  with_.Texts(key);  // reports what is no text
  for (const policy::Node& name : with_.map()[key].items()) {
    if (!name.is_scalar()) continue;
    const std::optional<size_t> field = Find(name.text(), name.place());
    if (field && std::find(fields.begin(), fields.end(), *field) != fields.end()) {
      issues_.Error(name.place(), "duplicate-field",
                    fmt::format("rule {}: \"{}\" stands twice in `{}`", spec_.id, name.text(), key));
    }
    if (field) fields.push_back(*field);
    good = good && field.has_value();
  }
  if (good && fields.size() < at_least) {
    with_.Error(key, "too-few-fields",
                fmt::format("rule {}: `{}` needs at least {}", spec_.id, key, at_least));
    good = false;
  }
  return good ? fields : std::vector<size_t>{};
}

std::unique_ptr<const Rule> RuleReader::Part(const policy::Node& entry) {
  policy::Fields keys(entry, "part of " + spec_.kind, issues_);
  policy::RuleSpec spec = spec_;
  spec.kind = keys.Text("rule");
  spec.with = keys.Map("with");
  if (!spec.with.present()) spec.with = policy::Node::Map({}, entry.place());
  keys.Finish();
  const auto kinds = AllKinds();
  const auto kind = std::find_if(kinds.begin(), kinds.end(),
                                 [&](const KindEntry& known) { return known.name == spec.kind; });
  if (kind == kinds.end()) {
    std::vector<std::string> names;
    for (const KindEntry& known : kinds) names.emplace_back(known.name);
    if (!spec.kind.empty())
      keys.Error("rule", "unknown-rule-kind",
                 fmt::format("rule {}: there is no rule kind \"{}\"", spec.id, spec.kind),
                 DidYouMean(spec.kind, names));
    return nullptr;
  }
  RuleReader reader(spec, schema_, policies_, lists_, issues_);
  std::unique_ptr<const Rule> rule = kind->compile(reader);
  reader.Finish();
  for (const std::string& column : reader.columns()) UseColumn(*schema_.Find(column));
  if (rule != nullptr && rule->about_dataset()) {
    keys.Error("rule", "wrong-kind",
               fmt::format("rule {}: {} judges the dataset, not records", spec.id, spec.kind));
    return nullptr;
  }
  return rule;
}

std::shared_ptr<const ReferenceTable> RuleReader::List(std::string_view key) {
  if (!with_.Has(key)) return nullptr;
  const std::string path = with_.Text(key);
  if (path.empty()) return nullptr;
  if (const auto known = lists_.find(path); known != lists_.end()) return known->second;
  std::shared_ptr<const ReferenceTable>& table = lists_[path];
  const auto file = policies_.lists.find(path);
  if (file == policies_.lists.end()) {
    std::vector<std::string> paths;
    for (const auto& [name, list] : policies_.lists) paths.push_back(name);
    with_.Error(key, "unknown-list", fmt::format("rule {}: there is no list file \"{}\"", spec_.id, path),
                DidYouMean(path, paths));
    return table;
  }
  absl::StatusOr<std::shared_ptr<const ReferenceTable>> read = ReadListFile(file->second.content, path);
  if (read.ok()) {
    table = *std::move(read);
  } else {
    with_.Error(key, "bad-list", std::string(MessageOf(read.status())),
                "a list file is CSV: UTF-8, commas, a header line");
  }
  return table;
}

std::optional<policy::Duration> RuleReader::Duration(std::string_view key) {
  if (!with_.Has(key)) return std::nullopt;
  const std::string text = with_.Text(key);
  if (text.empty()) return std::nullopt;
  absl::StatusOr<policy::Duration> duration = policy::ParseDuration(text);
  if (duration.ok()) return *std::move(duration);
  with_.Error(key, "bad-duration", std::string(MessageOf(duration.status())),
              "durations are ISO 8601: P20D, P1M, PT36H");
  return std::nullopt;
}

Answer RuleReader::OnMissing() const { return ToAnswer(spec_.on_missing, Answer::kSkip); }
Answer RuleReader::OnUnparseable(Answer otherwise) const { return ToAnswer(spec_.on_unparseable, otherwise); }

void RuleReader::WarnHandlingIgnored() {
  if (spec_.on_missing == policy::Handling::kDefault && spec_.on_unparseable == policy::Handling::kDefault)
    return;
  issues_.Warn(spec_.place, "no-effect",
               fmt::format("rule {}: {} judges presence alone and heeds neither onMissing nor onUnparseable",
                           spec_.id, spec_.kind));
}

void RuleReader::Error(std::string code, std::string message, std::string hint) {
  const Place& with_place = spec_.with.place();
  issues_.Error(with_place.line > 0 ? with_place : spec_.place, std::move(code),
                fmt::format("rule {}: {}", spec_.id, message), std::move(hint));
}

void ReportExpression(const std::vector<expr::ExprIssue>& mistakes, const Place& place, Issues& issues) {
  for (const expr::ExprIssue& mistake : mistakes) {
    Place at = place;
    if (place.source != nullptr && place.line > 0 && place.column > 0) {
      const std::string_view line = place.source->Line(place.line);
      const size_t start = std::min(static_cast<size_t>(place.column - 1), line.size());
      const bool quoted = start < line.size() && (line[start] == '"' || line[start] == '\'');
      const bool block = start < line.size() && (line[start] == '|' || line[start] == '>');
      // The text of a block scalar begins on a later line: point at its mark.
      if (!block) at.column += static_cast<int>(mistake.offset) + (quoted ? 1 : 0);
    }
    issues.Error(at, "bad-expression", mistake.message, mistake.hint);
  }
}

std::string FieldShown(const data::Batch& batch, size_t field, size_t row) {
  return fmt::format("{} {}", batch.schema->fields[field].name, Shown(batch.columns[field].text->at(row)));
}

}  // namespace concordat::quality
