#include "plugins/spreadsheet/options.h"

#include <charconv>

#include "plugins/spreadsheet/words.h"

namespace concordat::spreadsheet {
namespace {

Status Bad(const std::string& name, std::string_view value, const std::string& expected) {
  return Status::Failed("option " + name + ": \"" + std::string(value) + "\" is not " + expected);
}

bool ReadCount(std::string_view value, uint64_t most, uint64_t& count) {
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
  return error == std::errc() && end == value.data() + value.size() && count >= 1 && count <= most;
}

Status ReadHeader(std::string_view header, std::string_view rows, Options& options) {
  if (header == "none") {
    options.header = Options::Header::kNone;
  } else if (header != "auto" && !header.empty()) {
    options.header = Options::Header::kRow;
    if (!ReadCount(header, kMostRows, options.header_row))
      return Bad("header", header, "auto, none or the number of a row");
  }
  uint64_t count = 0;
  if (rows != "auto" && !rows.empty() && !ReadCount(rows, 10, count))
    return Bad("header_rows", rows, "auto or 1 to 10");
  options.header_rows = static_cast<size_t>(count);
  return Status::Ok();
}

}  // namespace

Status ReadOptionValues(const std::function<std::string_view(const char*)>& value, Options& options) {
  if (!value("sheet").empty()) options.sheet = value("sheet");
  if (Status status = ReadHeader(value("header"), value("header_rows"), options); !status.ok()) return status;
  if (const std::string_view range = value("range"); range != "all" && !range.empty()) {
    options.range.emplace();
    if (!ReadArea(range, *options.range))
      return Bad("range", range, "all or an area such as A5:F200, A5:F or A5");
  }
  options.fill_merged = value("merged") == "fill";
  if (value("totals") == "skip") options.totals = Options::Totals::kSkip;
  if (value("totals") == "keep") options.totals = Options::Totals::kKeep;
  options.skip_footnotes = value("footnotes") != "keep";
  options.read.percent_shown = value("percent") == "shown";
  const std::string_view words = value("total_words");
  if (words.empty()) return Status::Ok();
  options.total_words.clear();
  for (size_t from = 0; from <= words.size();) {
    const size_t end = std::min(words.find(',', from), words.size());
    if (const std::string word = Lower(Trimmed(words.substr(from, end - from))); !word.empty())
      options.total_words.push_back(word);
    from = end + 1;
  }
  return Status::Ok();
}

}  // namespace concordat::spreadsheet
