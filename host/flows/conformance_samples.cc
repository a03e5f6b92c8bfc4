#include "host/flows/conformance_samples.h"

#include <algorithm>
#include <filesystem>

#include "fmt/format.h"
#include "host/adapters/option_value.h"
#include "host/base/files.h"
#include "host/policy/fields.h"
#include "host/policy/reader.h"
#include "host/quality/list_file.h"

namespace concordat::flows {
namespace {

using policy::Fields;
using policy::Node;

constexpr size_t kLargestSample = size_t{16} << 20;

class SampleReader {
 public:
  SampleReader(const adapters::Manifest& manifest, Issues& issues)
      : manifest_(manifest), folder_(manifest.folder + "/samples/"), issues_(issues) {}

  AdapterSamples Read() {
    const std::string path = folder_ + "expected.yaml";
    absl::StatusOr<std::string> text = ReadFile(path, kLargestSample);
    if (text.ok()) {
      const Node document = policy::ReadYaml(
          std::make_shared<const SourceText>(SourceText{"samples/expected.yaml", *std::move(text)}), issues_);
      if (document.present()) ReadDocument(document);
    }
    AddUnnamed();
    return std::move(samples_);
  }

 private:
  void ReadDocument(const Node& document) {
    Fields fields(document, "expected.yaml", issues_);
    for (const Node::Member& member : fields.Map("references").members()) ReadReference(member);
    for (const Node& node : fields.Sequence("samples").items()) ReadSample(node);
    fields.Finish();
  }

  void ReadReference(const Node::Member& member) {
    std::vector<std::string> names;
    for (const adapters::ManifestReference& reference : manifest_.references) names.push_back(reference.name);
    if (!Known(member.key, names, member.key_place, "reference")) return;
    const std::string file = member.value.AsText().value_or("");
    const absl::StatusOr<std::string> bytes = Bytes(file);
    if (!bytes.ok())
      return issues_.Error(member.value.place(), "no-file", std::string(MessageOf(bytes.status())));
    const auto table = quality::ReadListFile(*bytes, file);
    if (!table.ok())
      return issues_.Error(member.value.place(), "bad-list", std::string(MessageOf(table.status())));
    data::RawBatch batch;
    batch.columns = (*table)->columns;
    for (size_t row = 0; !batch.columns.empty() && row < batch.columns.front()->rows(); ++row) {
      batch.records.push_back(row + 1);
      batch.lines.push_back(row + 2);
    }
    samples_.references.emplace_back(member.key, std::move(batch));
  }

  void ReadSample(const Node& node) {
    Fields fields(node, "sample", issues_);
    AdapterSample sample;
    sample.file = fields.Text("file");
    if (!sample.file.empty() && !sample.good() && !sample.bad())
      fields.Error("file", "bad-name", "the name of a sample begins with good or bad");
    const absl::StatusOr<std::string> bytes = Bytes(sample.file);
    if (!bytes.ok()) fields.Error("file", "no-file", std::string(MessageOf(bytes.status())));
    sample.bytes = bytes.value_or("");
    for (const Node::Member& member : fields.Map("options").members()) ReadOption(member, sample);
    sample.expected = ReadExpected(fields);
    fields.Finish();
    if (bytes.ok()) samples_.all.push_back(std::move(sample));
  }

  void ReadOption(const Node::Member& member, AdapterSample& sample) {
    std::vector<std::string> names;
    for (const adapters::ManifestOption& option : manifest_.options) names.push_back(option.name);
    if (!Known(member.key, names, member.key_place, "option")) return;
    const std::string value = member.value.AsText().value_or("");
    for (const adapters::ManifestOption& option : manifest_.options) {
      const std::string why = option.name == member.key ? adapters::WhyNoValue(option, value) : "";
      if (!why.empty())
        issues_.Error(member.value.place(), "bad-option", fmt::format("option \"{}\" {}", member.key, why));
    }
    sample.options.emplace_back(member.key, value);
  }

  std::optional<uint64_t> Count(Fields& fields, std::string_view key) {
    const std::optional<int64_t> count = fields.Integer(key);
    if (!count) return std::nullopt;
    if (*count < 0) fields.Error(key, "bad-range", "a count is 0 or more");
    return static_cast<uint64_t>(std::max<int64_t>(*count, 0));
  }

  ExpectedOutcome ReadExpected(Fields& fields) {
    ExpectedOutcome expected;
    if (fields.Has("refused")) {
      expected.refused = fields.TextOr("refused", "");
      if (*expected.refused == "true") expected.refused = "";
    }
    expected.records = Count(fields, "records");
    expected.unreadable = Count(fields, "unreadable");
    expected.blank = Count(fields, "blank");
    if (fields.Has("columns")) expected.columns = fields.Texts("columns");
    if (const Node found = fields.Map("findings"); found.present()) expected.findings = ReadFindings(found);
    if (const Node found = fields.Map("dimensions"); found.present())
      expected.dimensions = ReadDimensions(found);
    for (const Node& node : fields.Sequence("cells").items()) {
      Fields cell(node, "cell", issues_);
      ExpectedCell one;
      one.record = Count(cell, "record").value_or(0);
      one.column = cell.Text("column");
      one.value = cell.TextOr("value", "");
      cell.Finish();
      expected.cells.push_back(std::move(one));
    }
    return expected;
  }

  std::map<std::string, uint64_t> ReadFindings(const Node& map) {
    std::vector<std::string> rules;
    for (const adapters::ManifestRule& rule : manifest_.rules) rules.push_back(rule.id);
    std::map<std::string, uint64_t> counts;
    for (const Node::Member& member : map.members()) {
      const std::optional<int64_t> count = member.value.AsInteger();
      if (!count || *count < 0)
        issues_.Error(member.value.place(), "wrong-type",
                      "the number of records that fail the rule is 0 or more");
      if (Known(member.key, rules, member.key_place, "rule"))
        counts[member.key] = static_cast<uint64_t>(std::max<int64_t>(count.value_or(0), 0));
    }
    return counts;
  }

  std::map<std::string, double> ReadDimensions(const Node& map) {
    std::map<std::string, double> scores;
    for (const Node::Member& member : map.members()) {
      const std::optional<double> score = member.value.AsNumber();
      if (!score)
        issues_.Error(member.value.place(), "wrong-type",
                      "the score of a dimension is a number from 0 to 100");
      if (Known(member.key, manifest_.dimensions, member.key_place, "dimension"))
        scores[member.key] = score.value_or(0);
    }
    return scores;
  }

  bool Known(const std::string& name, const std::vector<std::string>& names, const Place& place,
             std::string_view what) {
    if (std::find(names.begin(), names.end(), name) != names.end()) return true;
    issues_.Error(place, "unknown-key", fmt::format("adapter.yaml has no {} \"{}\"", what, name),
                  DidYouMean(name, names));
    return false;
  }

  absl::StatusOr<std::string> Bytes(const std::string& file) const {
    if (file.empty() || file.find('/') != std::string::npos)
      return absl::InvalidArgumentError("name a file of the folder samples, without a path");
    return ReadFile(folder_ + file, kLargestSample);
  }

  void AddUnnamed() {
    const absl::StatusOr<std::vector<std::string>> files = ListFiles(folder_);
    for (const std::string& file : files.value_or(std::vector<std::string>())) {
      AdapterSample sample;
      sample.file = file;
      const bool named = std::any_of(samples_.all.begin(), samples_.all.end(),
                                     [&](const AdapterSample& known) { return known.file == file; });
      if (named || (!sample.good() && !sample.bad())) continue;
      absl::StatusOr<std::string> bytes = ReadFile(folder_ + file, kLargestSample);
      if (!bytes.ok()) continue;
      sample.bytes = *std::move(bytes);
      samples_.all.push_back(std::move(sample));
    }
  }

  const adapters::Manifest& manifest_;
  const std::string folder_;
  Issues& issues_;
  AdapterSamples samples_;
};

}  // namespace

AdapterSamples ReadSamples(const adapters::Manifest& manifest, Issues& issues) {
  return SampleReader(manifest, issues).Read();
}

}  // namespace concordat::flows
