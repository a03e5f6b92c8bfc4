#include "host/mapping/feed_lint.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/expr/report.h"
#include "host/mapping/conversion.h"
#include "host/mapping/mapper.h"
#include "host/mapping/source_expression.h"
#include "host/policy/mapping.h"

namespace concordat::mapping {
namespace {

void LintExpression(const std::string& text, const Place& place, bool condition, Issues& issues) {
  if (text.empty()) return;
  const SourceExpression::Result compiled = SourceExpression::Compile(text, condition);
  expr::ReportMistakes(compiled.issues, place, issues);
}

// Codes of list files are read; those of datasets are the host's to look up.
void LintCodes(const policy::CodeMap& codes, const policy::PolicySet& policies, Issues& issues) {
  if (!codes.dataset.empty()) {
    const policy::ContractObject* object = policies.FindDataset(DatasetId(codes.dataset)).second;
    if (object == nullptr) {
      std::vector<std::string> known;
      for (const policy::Contract& contract : policies.contracts) known.push_back(contract.name);
      issues.Error(codes.place, "unknown-dataset", fmt::format("there is no dataset \"{}\"", codes.dataset),
                   DidYouMean(codes.dataset, known));
      return;
    }
    std::vector<std::string> fields;
    for (const data::Field& field : object->schema->fields) fields.push_back(field.name);
    for (const std::string& column : {codes.from, codes.to}) {
      if (column.empty() || object->schema->Find(column)) continue;
      issues.Error(codes.place, "unknown-column",
                   fmt::format("dataset {} has no field \"{}\"", codes.dataset, column),
                   DidYouMean(column, fields));
    }
    return;
  }
  const auto list = policies.lists.find(codes.file);
  if (list == policies.lists.end()) {
    std::vector<std::string> known;
    for (const auto& [path, file] : policies.lists) known.push_back(path);
    issues.Error(codes.place, "unknown-list", fmt::format("there is no list file \"{}\"", codes.file),
                 DidYouMean(codes.file, known));
    return;
  }
  const auto pairs = PairsOfCsv(list->second.content, codes.file, codes.from, codes.to);
  if (!pairs.ok()) {
    issues.Error(codes.place, "bad-list", std::string(MessageOf(pairs.status())));
    return;
  }
  const auto table = CodeTable::Create(codes, [&](const policy::CodeMap&) { return pairs; });
  if (!table.ok()) issues.Error(codes.place, "bad-list", std::string(MessageOf(table.status())));
}

// What an inline map makes must be a value of the field.
void LintTargets(const policy::FieldMapping& mapping, const data::Field& field, Issues& issues) {
  if (!mapping.codes || mapping.dates || mapping.numbers || mapping.booleans || mapping.unit) return;
  const auto parser = data::CellParser::Create(field);
  if (!parser.ok()) return;
  for (const auto& [code, becomes] : mapping.codes->pairs) {
    auto text = std::make_shared<data::TextColumn>();
    text->Append(becomes);
    data::Column column;
    column.field = &field;
    column.text = text;
    parser->Fill(column);
    if (column.states[0] != data::CellState::kUnparseable) continue;
    issues.Error(mapping.codes->place, "bad-mapping",
                 fmt::format("the code \"{}\" becomes \"{}\", and the contract's field is a {}", code,
                             becomes, data::LogicalTypeName(field.type)));
  }
}

// A value written in the feed must be one of the field: of a constant before it is read, of a default after.
void LintValue(const policy::FieldMapping& mapping, const data::Field& field, std::string_view what,
               const std::string& value, Issues& issues) {
  const auto parser = data::CellParser::Create(field);
  if (!parser.ok()) return;
  auto text = std::make_shared<data::TextColumn>();
  text->Append(value);
  data::Column column;
  column.field = &field;
  column.text = text;
  parser->Fill(column);
  if (column.states[0] != data::CellState::kUnparseable) return;
  issues.Error(mapping.place, "bad-mapping",
               fmt::format("{} \"{}\" of field {} is no {}", what, value, field.name,
                           data::LogicalTypeName(field.type)));
}

class FeedLinter {
 public:
  FeedLinter(const policy::PolicySet& policies, const policy::Feed& feed,
             const policy::ContractObject* object, Issues& issues)
      : policies_(policies), feed_(feed), object_(object), issues_(issues) {}

  void Run() {
    const policy::Mapping& mapping = policy::MappingIn(feed_);
    LintExpression(mapping.rows, mapping.rows_place, /*condition=*/true, issues_);
    for (const policy::FieldMapping& field : mapping.fields) LintField(field);
    if (object_ != nullptr) LintRuleIds();
  }

 private:
  void LintField(const policy::FieldMapping& mapping) {
    LintExpression(mapping.expression, mapping.expression_place, /*condition=*/false, issues_);
    if (mapping.codes && (!mapping.codes->file.empty() || !mapping.codes->dataset.empty()))
      LintCodes(*mapping.codes, policies_, issues_);
    LintUnit(mapping);
    // Reported where the files of the set are compared, as unknown fields are.
    if (object_ == nullptr || !object_->schema->Find(mapping.field)) return;
    const data::Field& field = object_->schema->fields[*object_->schema->Find(mapping.field)];
    LintTargets(mapping, field, issues_);
    const bool as_is = !mapping.codes && !mapping.dates && !mapping.numbers && !mapping.booleans &&
                       !mapping.split && mapping.replace.empty();
    if (mapping.value && as_is) LintValue(mapping, field, "the constant", *mapping.value, issues_);
    if (mapping.default_value) LintValue(mapping, field, "the default", *mapping.default_value, issues_);
    const auto no_codes = [](const policy::CodeMap&) -> absl::StatusOr<CodePairs> { return CodePairs(); };
    policy::FieldMapping without_unit = mapping;
    if (mapping.unit && !FactorBetween(mapping.unit->from, mapping.unit->to).ok()) without_unit.unit.reset();
    const auto conversion = Conversion::Create(field, without_unit, no_codes);
    if (!conversion.ok())
      issues_.Error(PlaceIn(mapping), "bad-mapping", std::string(MessageOf(conversion.status())));
  }

  // Where a mistake of the mapping as a whole is shown.
  static Place PlaceIn(const policy::FieldMapping& mapping) { return mapping.place; }

  void LintUnit(const policy::FieldMapping& mapping) {
    if (!mapping.unit || mapping.unit->from.empty() || mapping.unit->to.empty()) return;
    const auto factor = FactorBetween(mapping.unit->from, mapping.unit->to);
    if (!factor.ok())
      issues_.Error(mapping.unit->place, "unknown-unit", std::string(MessageOf(factor.status())));
  }

  // The findings of the mapping have ids of their own.
  void LintRuleIds() {
    for (const MappingRule& own : MappingRules(feed_, *object_->schema)) {
      for (const policy::RuleSpec& rule : object_->rules) {
        if (rule.id != own.id) continue;
        issues_.Error(rule.place, "reserved-id",
                      fmt::format("the id \"{}\" is that of the mapping of feed {}", own.id, feed_.id.str()),
                      "choose another id");
      }
    }
  }

  const policy::PolicySet& policies_;
  const policy::Feed& feed_;
  const policy::ContractObject* const object_;
  Issues& issues_;
};

}  // namespace

void LintFeeds(const policy::PolicySet& policies, Issues& issues) {
  for (const policy::Feed& feed : policies.feeds)
    FeedLinter(policies, feed, policies.FindDataset(feed.dataset()).second, issues).Run();
}

}  // namespace concordat::mapping
