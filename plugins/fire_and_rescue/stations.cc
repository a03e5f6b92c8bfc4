#include "plugins/fire_and_rescue/stations.h"

#include <algorithm>
#include <optional>

namespace concordat::fire_and_rescue {
namespace {

using sdk::Status;

struct Kind {
  char letter;
  std::string_view word;
};
constexpr Kind kKinds[] = {{'P', ""}, {'A', "aerial"}, {'B', "boat"}, {'R', "rescue"}};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool Station::Has(std::string_view appliance) const {
  return std::find(special.begin(), special.end(), appliance) != special.end();
}

CallSign CallSign::Of(std::string_view text) {
  size_t letter = text.size();
  while (letter > 0 && IsDigit(text[letter - 1])) --letter;
  // A digit at the end, before it the kind's letter, before that a station.
  if (letter == text.size() || letter < 2) return {text, ""};
  for (const Kind& kind : kKinds) {
    if (kind.letter == text[letter - 1]) return {text.substr(0, letter - 1), kind.word};
  }
  return {text, ""};
}

Status Stations::Read(const sdk::TableView& table, Stations& stations) {
  const char* const names[] = {"station_code", "station_name", "station_type", "special_appliances"};
  std::vector<sdk::ColumnView> columns;
  for (const char* name : names) {
    const std::optional<sdk::ColumnView> column = table.Find(name);
    if (!column) return Status::Failed(std::string("the list of stations has no column \"") + name + "\"");
    columns.push_back(*column);
  }
  for (size_t row = 0; row < table.rows(); ++row) {
    Station station;
    station.code = columns[0][row];
    station.name = columns[1][row];
    station.always_crewed = columns[2][row] == "wholetime" || columns[2][row] == "day-crewed";
    for (const std::string_view word : Words(columns[3][row], '|')) station.special.emplace_back(word);
    stations.by_code_.emplace(station.code, stations.list_.size());
    stations.list_.push_back(std::move(station));
  }
  return Status::Ok();
}

Station* Stations::Find(std::string_view code) {
  const auto at = by_code_.find(std::string(code));
  return at == by_code_.end() ? nullptr : &list_[at->second];
}

bool Stations::Coverage(double& score, std::string& basis) const {
  size_t expected = 0;
  std::vector<std::string> silent;
  for (const Station& station : list_) {
    if (!station.always_crewed) continue;
    ++expected;
    if (!station.attended) silent.push_back(station.code + " " + station.name);
  }
  if (expected == 0) return false;
  const size_t heard = expected - silent.size();
  score = 100.0 * static_cast<double>(heard) / static_cast<double>(expected);
  basis = std::to_string(heard) + " of " + std::to_string(expected) +
          " wholetime and day-crewed stations attended an incident";
  for (size_t i = 0; i < silent.size(); ++i) basis += (i == 0 ? "; none by " : ", ") + silent[i];
  return true;
}

Status ReadTypeNeeds(std::string_view option, std::unordered_map<std::string, std::string>& needs) {
  for (const std::string_view word : Words(option, ' ')) {
    const size_t sign = word.find('=');
    const std::string_view appliance = sign == std::string_view::npos ? "" : word.substr(sign + 1);
    const auto same = [&](const Kind& kind) { return !kind.word.empty() && kind.word == appliance; };
    if (sign == 0 || std::none_of(std::begin(kKinds), std::end(kKinds), same)) {
      return Status::Failed("option type_needs: \"" + std::string(word) +
                            "\" is not TYPE=APPLIANCE with one of aerial, boat, rescue");
    }
    needs[std::string(word.substr(0, sign))] = appliance;
  }
  return Status::Ok();
}

std::vector<std::string_view> Words(std::string_view text, char separator) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

}  // namespace concordat::fire_and_rescue
