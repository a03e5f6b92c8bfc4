// The mobilising system's incident extract (README.md describes it), cut into incidents.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/sdk/batch_builder.h"
#include "plugins/sdk/host.h"
#include "plugins/sdk/line_reader.h"

namespace concordat::fire_and_rescue {

/// The columns that an incident becomes, in order.
enum Column {
  kIncidentNumber,
  kStationCode,
  kIncidentType,
  kCalledAt,
  kFirstArrivalAt,
  kPumps,
  kAppliances,
  kLsoaCode
};
const std::vector<std::string>& ColumnNames();

/// Reads one extract. One thread at a time.
class ExtractReader {
 public:
  explicit ExtractReader(const sdk::Host& host) : lines_(host) {}

  /// The title line; SourceUnreadable when this is no extract.
  sdk::Status ReadTitle();
  /// Appends incidents until the batch is full or the END line was reached. SourceUnreadable when that is
  /// missing or promises another number of incidents: the extract was cut off.
  sdk::Status ReadIncidents(sdk::BatchBuilder& batch);

  /// How the source was read; whole once ReadIncidents has left a batch empty.
  sdk::SourceFacts Facts() const;

 private:
  using Cells = std::vector<std::string_view>;

  // The incident whose lines are being read; its texts are copies, because lines do not stay.
  struct Incident {
    bool open = false;
    uint64_t line = 0;
    std::vector<std::string> cells;     // of the INCIDENT line, or empty when that could not be cut
    std::vector<std::string> arrivals;  // of the PUMP lines, in order
    std::string appliances;
    std::string problem;  // why it is unreadable; empty when all is well
    std::string raw;
  };

  sdk::Status TakeLine(std::string_view line, sdk::BatchBuilder& batch);
  void StartIncident(const Cells& cells, std::string_view line);
  void AddPump(const Cells& cells, std::string_view line);
  void AddOddLine(std::string_view line, sdk::BatchBuilder& batch);
  void CloseIncident(sdk::BatchBuilder& batch);
  sdk::Status TakeEnd(const Cells& cells);

  sdk::LineReader lines_;
  std::string title_;
  Incident incident_;
  uint64_t incidents_ = 0;  // INCIDENT lines so far
  uint64_t blank_ = 0;
  bool ended_ = false;
};

}  // namespace concordat::fire_and_rescue
