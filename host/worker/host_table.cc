#include "host/worker/host_table.h"

#include <algorithm>
#include <cstring>

#include "fmt/format.h"
#include "host/worker/shown_text.h"

namespace concordat::worker {
namespace {

constexpr size_t kMessageBytes = 1024;
constexpr size_t kMostCells = 32;

std::string_view View(const concordat_text& text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

std::string_view View(const char* text) { return text == nullptr ? "" : text; }

std::string Shown(std::string_view text) { return ShownText(text, kMessageBytes); }

}  // namespace

HostTable::HostTable(const data::WorkerJob& job, Source& source) : job_(job), source_(source) {
  if (const std::string note = source.note(); !note.empty()) report_.facts.notes.push_back(note);
  for (uint32_t i = 0; i < job.rules.size(); ++i) rules_.emplace(job.rules[i], i);
  for (const data::WorkerReference& reference : job.references) {
    auto table = std::make_unique<TextTable>(reference.columns);
    table->Point(reference.table.columns, reference.table.rows());
    references_.emplace(reference.name, std::move(table));
  }
}

const concordat_host* HostTable::Table(uint32_t abi) {
  table_.struct_size = sizeof table_;
  table_.abi = abi;
  table_.context = this;
  table_.batch_rows = job_.batch_rows;
  table_.batch_bytes = job_.batch_bytes;
  table_.source_name = source_.name().c_str();
  table_.source_size = source_.size();
  table_.read_source = [](void* context, uint64_t offset, void* buffer, uint64_t size) {
    return static_cast<HostTable*>(context)->source_.Read(offset, buffer, size);
  };
  table_.map_source = [](void* context) { return static_cast<HostTable*>(context)->source_.Map(); };
  table_.option = [](void* context, const char* name, concordat_text* value) {
    return static_cast<HostTable*>(context)->Option(name, value);
  };
  table_.reference = [](void* context, const char* name, const ArrowSchema** schema,
                        const ArrowArray** table) {
    return static_cast<HostTable*>(context)->Reference(name, schema, table);
  };
  table_.report_facts = [](void* context, const concordat_facts* facts) {
    return static_cast<HostTable*>(context)->TakeFacts(*facts);
  };
  table_.report_finding = [](void* context, const concordat_finding* finding, concordat_error* error) {
    return static_cast<HostTable*>(context)->TakeFinding(*finding, error);
  };
  table_.report_dimension = [](void* context, const char* name, double score, const char* basis,
                               concordat_error* error) {
    return static_cast<HostTable*>(context)->TakeDimension(name, score, basis, error);
  };
  return &table_;
}

int32_t HostTable::Refuse(concordat_error* error, std::string_view message) const {
  if (error != nullptr) {
    const size_t size = std::min(message.size(), sizeof error->message - 1);
    std::memcpy(error->message, message.data(), size);
    error->message[size] = '\0';
  }
  return CONCORDAT_FAILED;
}

int32_t HostTable::Option(const char* name, concordat_text* value) const {
  for (const auto& [known, text] : job_.options) {
    if (known != View(name)) continue;
    *value = {text.data(), text.size()};
    return CONCORDAT_OK;
  }
  return CONCORDAT_ABSENT;
}

int32_t HostTable::Reference(const char* name, const ArrowSchema** schema, const ArrowArray** table) const {
  const auto at = references_.find(std::string(View(name)));
  if (at == references_.end()) return CONCORDAT_ABSENT;
  *schema = &at->second->schema();
  *table = &at->second->array();
  return CONCORDAT_OK;
}

int32_t HostTable::TakeFacts(const concordat_facts& given) {
  if (given.struct_size < CONCORDAT_FACTS_SIZE_V1) return CONCORDAT_FAILED;
  data::SourceFacts& facts = report_.facts;
  facts = {};
  if (const std::string note = source_.note(); !note.empty()) facts.notes.push_back(note);
  facts.encoding = View(given.encoding);
  facts.delimiter = View(given.delimiter);
  facts.header_line = given.header_line;
  facts.blank = given.blank;
  for (uint32_t i = 0; i < given.note_count; ++i) facts.notes.push_back(Shown(View(given.notes[i])));
  for (uint64_t i = 0; i < given.column_count; ++i) facts.columns.emplace_back(View(given.columns[i]));
  return CONCORDAT_OK;
}

void HostTable::BeginValidate(const std::vector<uint64_t>& records) {
  records_ = &records;
  findings_.clear();
}

absl::StatusOr<std::vector<data::RawFinding>> HostTable::EndValidate() {
  records_ = nullptr;
  const auto key = [](const data::RawFinding& finding) { return std::pair(finding.record, finding.rule); };
  std::stable_sort(findings_.begin(), findings_.end(),
                   [&](const auto& a, const auto& b) { return key(a) < key(b); });
  const auto twice = std::adjacent_find(findings_.begin(), findings_.end(),
                                        [&](const auto& a, const auto& b) { return key(a) == key(b); });
  if (twice == findings_.end()) return std::move(findings_);
  return absl::AbortedError(fmt::format("validate reported two findings of rule \"{}\" for record {}",
                                        job_.rules[twice->rule], twice->record));
}

int32_t HostTable::TakeFinding(const concordat_finding& given, concordat_error* error) {
  if (records_ == nullptr) return Refuse(error, "a finding can be reported within validate only");
  if (given.struct_size < CONCORDAT_FINDING_SIZE_V1) {
    return Refuse(error,
                  fmt::format("validate reported a finding whose struct_size is {}: it has at least {} bytes",
                              given.struct_size, CONCORDAT_FINDING_SIZE_V1));
  }
  const auto rule = rules_.find(std::string(View(given.rule)));
  if (rule == rules_.end()) {
    return Refuse(
        error, fmt::format("validate reported a finding of rule \"{}\", which adapter.yaml does not declare",
                           View(given.rule)));
  }
  if (!std::binary_search(records_->begin(), records_->end(), given.record)) {
    return Refuse(error, fmt::format("validate reported record {}, which is not in its batch", given.record));
  }
  if (given.outcome < CONCORDAT_FINDING_FAIL || given.outcome > CONCORDAT_FINDING_UNRESOLVED) {
    return Refuse(error,
                  fmt::format("validate reported the outcome {}, which does not exist", given.outcome));
  }
  data::RawFinding finding;
  finding.record = given.record;
  finding.rule = rule->second;
  finding.outcome = static_cast<uint32_t>(given.outcome - CONCORDAT_FINDING_FAIL);
  finding.message = Shown(View(given.message));
  finding.mend = Shown(View(given.mend));
  for (uint64_t i = 0; i < std::min<uint64_t>(given.cell_count, kMostCells); ++i) {
    finding.cells.emplace_back(Shown(View(given.cells[i].column)), Shown(View(given.cells[i].value)));
  }
  findings_.push_back(std::move(finding));
  return CONCORDAT_OK;
}

int32_t HostTable::TakeDimension(const char* name, double score, const char* basis, concordat_error* error) {
  if (!scoring_) return Refuse(error, "a dimension can be reported within score only");
  const std::string dimension(View(name));
  if (std::find(job_.dimensions.begin(), job_.dimensions.end(), dimension) == job_.dimensions.end()) {
    return Refuse(error, fmt::format("score reported dimension \"{}\", which adapter.yaml does not declare",
                                     dimension));
  }
  if (!(score >= 0 && score <= 100)) {
    return Refuse(error, fmt::format("score reported {} for dimension \"{}\": it must lie within 0 and 100",
                                     score, dimension));
  }
  const bool twice = std::any_of(report_.dimensions.begin(), report_.dimensions.end(),
                                 [&](const auto& known) { return known.name == dimension; });
  if (twice) return Refuse(error, fmt::format("score reported dimension \"{}\" twice", dimension));
  report_.dimensions.push_back({dimension, score, Shown(View(basis))});
  return CONCORDAT_OK;
}

}  // namespace concordat::worker
