// The files that a check writes beside its judgement: findings, records that would go in, records to mend.
#pragma once

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "host/flows/finding_patterns.h"
#include "host/flows/output_file.h"
#include "host/flows/pipeline.h"
#include "host/quality/findings_csv.h"

namespace concordat::flows {

struct CheckFiles {
  std::string findings;  // empty: none
  std::string valid;
  std::string quarantine;
};

/// Writes each batch as it is judged. One thread; Finish once.
class CheckOutputs : public RecordSink, public quality::FindingSink {
 public:
  /// `schema` outlives it.
  static absl::StatusOr<std::unique_ptr<CheckOutputs>> Create(const CheckFiles& files,
                                                              const data::Schema& schema, bool show_values,
                                                              bool patterns);
  void OnFinding(const record::Finding& finding) override;
  absl::Status OnBatch(std::shared_ptr<const data::RawBatch> raw, std::shared_ptr<const data::Batch> batch,
                       data::RowSet held_back) override;
  absl::Status Finish();
  std::vector<PatternCount> patterns() const { return patterns_.Take(); }

 private:
  CheckOutputs() = default;
  void WriteToMend(const data::RawBatch& raw, const data::RowSet& held_back);
  void FlushFindings();

  const data::Schema* schema_ = nullptr;
  bool show_values_ = false;
  bool want_patterns_ = false;
  bool mend_header_written_ = false;
  std::unique_ptr<OutputFile> findings_file_;
  std::unique_ptr<OutputFile> valid_file_;
  std::unique_ptr<OutputFile> mend_file_;
  std::ostringstream findings_text_;
  std::unique_ptr<quality::FindingsCsv> findings_csv_;
  FindingPatterns patterns_;
  std::vector<record::Finding> of_batch_;  // for the reasons of the file to mend
};

/// One accepted record as a line of JSON: numbers and booleans as such, missing strings "", other missing
/// values null, markers as their text.
std::string JsonLine(const data::Batch& batch, size_t row);

}  // namespace concordat::flows
