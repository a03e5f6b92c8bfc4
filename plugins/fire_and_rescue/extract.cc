#include "plugins/fire_and_rescue/extract.h"

#include <algorithm>

namespace concordat::fire_and_rescue {
namespace {

using sdk::BatchBuilder;
using sdk::Status;

constexpr std::string_view kTitle = "MOBS EXTRACT";
constexpr size_t kTitleCells = 4;     // MOBS EXTRACT;service;from;to
constexpr size_t kIncidentCells = 6;  // INCIDENT;number;station;type;called at;LSOA
constexpr size_t kPumpCells = 4;      // PUMP;number;call sign;arrived at

std::vector<std::string_view> Cut(std::string_view line) {
  std::vector<std::string_view> cells;
  size_t start = 0;
  for (size_t end = line.find(';'); end != std::string_view::npos; end = line.find(';', start)) {
    cells.push_back(line.substr(start, end - start));
    start = end + 1;
  }
  cells.push_back(line.substr(start));
  return cells;
}

bool IsBlank(std::string_view line) { return line.find_first_not_of(" \t;") == std::string_view::npos; }

std::string LineText(uint64_t line) { return "line " + std::to_string(line); }

// "dd/MM/yyyy HH:mm" as a text that sorts by time; what has another shape sorts last.
std::string TimeOrder(std::string_view text) {
  if (text.size() != 16) return "~";
  std::string order(text.substr(6, 4));
  return order.append(text.substr(3, 2)).append(text.substr(0, 2)).append(text.substr(11));
}

std::string Earliest(const std::vector<std::string>& times) {
  const auto earlier = [](const std::string& a, const std::string& b) { return TimeOrder(a) < TimeOrder(b); };
  const auto first = std::min_element(times.begin(), times.end(), earlier);
  return first == times.end() ? "" : *first;
}

}  // namespace

const std::vector<std::string>& ColumnNames() {
  static const std::vector<std::string> names = {"incident_number", "station_code",     "incident_type",
                                                 "called_at",       "first_arrival_at", "pumps",
                                                 "appliances",      "lsoa_code"};
  return names;
}

Status ExtractReader::ReadTitle() {
  std::string_view line;
  bool more = false;
  if (Status status = lines_.Next(line, more); !status.ok()) return status;
  if (!more || Cut(line)[0] != kTitle) {
    return Status::SourceUnreadable(
        "this is no incident extract: its first line must begin with \"MOBS EXTRACT;\"; export it from the "
        "mobilising "
        "system with the report \"Incident extract\"");
  }
  const Cells cells = Cut(line);
  if (cells.size() >= kTitleCells) {
    title_ = std::string(cells[1]) + ", " + std::string(cells[2]) + " to " + std::string(cells[3]);
  }
  return Status::Ok();
}

Status ExtractReader::ReadIncidents(BatchBuilder& batch) {
  while (!batch.full() && !ended_) {
    std::string_view line;
    bool more = false;
    if (Status status = lines_.Next(line, more); !status.ok()) return status;
    if (!more) {
      return Status::SourceUnreadable("the extract was cut off: its END line is missing after " +
                                      LineText(lines_.line_number()) + "; export it again");
    }
    if (Status status = TakeLine(line, batch); !status.ok()) return status;
  }
  return Status::Ok();
}

Status ExtractReader::TakeLine(std::string_view line, BatchBuilder& batch) {
  if (IsBlank(line)) {
    ++blank_;
    return Status::Ok();
  }
  const Cells cells = Cut(line);
  if (cells[0] == "INCIDENT") {
    CloseIncident(batch);
    StartIncident(cells, line);
  } else if (cells[0] == "PUMP" && incident_.open) {
    AddPump(cells, line);
  } else if (cells[0] == "END") {
    CloseIncident(batch);
    return TakeEnd(cells);
  } else {
    AddOddLine(line, batch);
  }
  return Status::Ok();
}

void ExtractReader::StartIncident(const Cells& cells, std::string_view line) {
  ++incidents_;
  incident_ = {};
  incident_.open = true;
  incident_.line = lines_.line_number();
  incident_.raw = line;
  if (cells.size() == kIncidentCells) {
    incident_.cells.assign(cells.begin(), cells.end());
  } else {
    incident_.problem = "its INCIDENT line has " + std::to_string(cells.size()) + " cells where " +
                        std::to_string(kIncidentCells) + " are expected";
  }
}

void ExtractReader::AddPump(const Cells& cells, std::string_view line) {
  incident_.raw.append("\n").append(line);
  if (!incident_.problem.empty()) return;
  const std::string where = "the PUMP line on " + LineText(lines_.line_number());
  if (cells.size() != kPumpCells) {
    incident_.problem = where + " has " + std::to_string(cells.size()) + " cells where " +
                        std::to_string(kPumpCells) + " are expected";
  } else if (cells[1] != incident_.cells[1]) {
    incident_.problem =
        where + " belongs to incident " + std::string(cells[1]) + ", not to " + incident_.cells[1];
  } else {
    if (!incident_.appliances.empty()) incident_.appliances += ' ';
    incident_.appliances += cells[2];
    if (!cells[3].empty()) incident_.arrivals.emplace_back(cells[3]);
  }
}

// A line of no known kind is a record that cannot be read, not something to skip: an incident may have been
// lost.
void ExtractReader::AddOddLine(std::string_view line, BatchBuilder& batch) {
  CloseIncident(batch);
  const std::string kind(Cut(line)[0].substr(0, 40));
  batch.AddUnreadable(lines_.line_number(),
                      "the line begins with \"" + kind +
                          "\" where INCIDENT, PUMP (below an "
                          "INCIDENT) or END is expected",
                      line);
}

void ExtractReader::CloseIncident(BatchBuilder& batch) {
  if (!incident_.open) return;
  incident_.open = false;
  if (!incident_.problem.empty()) {
    batch.AddUnreadable(incident_.line, incident_.problem, incident_.raw);
    return;
  }
  const std::vector<std::string>& cells = incident_.cells;
  batch.column(kIncidentNumber).Append(cells[1]);
  batch.column(kStationCode).Append(cells[2]);
  batch.column(kIncidentType).Append(cells[3]);
  batch.column(kCalledAt).Append(cells[4]);
  batch.column(kFirstArrivalAt).Append(Earliest(incident_.arrivals));
  batch.column(kPumps).Append(std::to_string(incident_.arrivals.size()));
  batch.column(kAppliances).Append(incident_.appliances);
  batch.column(kLsoaCode).Append(cells[5]);
  batch.EndRecord(incident_.line);
}

Status ExtractReader::TakeEnd(const Cells& cells) {
  ended_ = true;
  const std::string promised(cells.size() == 2 ? cells[1] : std::string_view());
  if (promised == std::to_string(incidents_)) return Status::Ok();
  return Status::SourceUnreadable("the extract is not whole: its END line on " +
                                  LineText(lines_.line_number()) + " promises " +
                                  (promised.empty() ? "no number of" : promised) + " incidents, and " +
                                  std::to_string(incidents_) + " stand in it; export it again");
}

sdk::SourceFacts ExtractReader::Facts() const {
  sdk::SourceFacts facts;
  facts.encoding = "utf-8";
  facts.delimiter = ";";
  facts.blank = blank_;
  if (!title_.empty()) facts.notes.push_back("incident extract of " + title_);
  return facts;
}

}  // namespace concordat::fire_and_rescue
