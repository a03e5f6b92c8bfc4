#include "plugins/fixed_width/reader.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "plugins/delimited/signature.h"

namespace concordat::fixed_width {
namespace {

bool BeginsWithAny(std::string_view line, const std::vector<std::string>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](const std::string& each) { return line.substr(0, each.size()) == each; });
}

std::string_view Trimmed(std::string_view text) {
  const size_t from = text.find_first_not_of(' ');
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(' ') - from + 1);
}

std::string Lines(uint64_t count) { return std::to_string(count) + (count == 1 ? " line" : " lines"); }

}  // namespace

Reader::Reader(tree::Source* source, Options options)
    : source_(source),
      options_(std::move(options)),
      stream_(source, options_.encoding, options_.chunk_bytes, std::numeric_limits<uint64_t>::max()),
      cutter_(options_) {}

sdk::Status Reader::Open(std::vector<std::string>& columns) {
  if (source_->size() == 0) return sdk::Status::SourceUnreadable("the file is empty");
  if (auto what = delimited::ForeignFormat(*source_)) {
    return sdk::Status::SourceUnreadable(what->substr(0, what->find(':')) +
                                         ", not a text of fixed width: send the text itself");
  }
  for (const Field& field : options_.layout.fields) columns.push_back(field.name);
  return sdk::Status::Ok();
}

// In all other encodings but UTF-8, which was not decoded, a character is the unit of the file.
bool Reader::bytes() const { return options_.bytes && stream_.encoding() == delimited::Encoding::kUtf8; }

// Where the line at the beginning of `text` ends, and how many bytes its ending has; false when more must be
// read.
bool Reader::FindEnd(std::string_view text, size_t& size, size_t& ending) const {
  if (options_.record_length == 0) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos && !stream_.at_end()) return false;
    size = std::min(end, text.size());
    ending = end == std::string_view::npos ? 0 : 1;
    if (size > 0 && text[size - 1] == '\r') --size, ++ending;
    return true;
  }
  size_t characters = 0;
  for (size = 0; size < text.size(); ++size) {
    const bool starts = bytes() || (text[size] & 0xC0) != 0x80;
    if (starts && characters == options_.record_length) break;
    if (starts) ++characters;
  }
  ending = 0;
  if (size == text.size() && !stream_.at_end()) return false;
  // The text stream ends the last line of every file.
  if (size == text.size() && size > 0 && text[size - 1] == '\n') --size, ++ending;
  return true;
}

sdk::Status Reader::NextLine(std::string_view& line, bool& more) {
  stream_.Discard(std::exchange(taken_, 0));
  more = true;
  while (true) {
    const std::string_view text = stream_.text();
    size_t size = 0;
    size_t ending = 0;
    if (text.empty() && stream_.at_end()) {
      more = false;
      return sdk::Status::Ok();
    }
    if (!text.empty() && FindEnd(text, size, ending) && size <= kLongestLine) {
      line = text.substr(0, size);
      taken_ = size + ending;
      ++line_;
      return sdk::Status::Ok();
    }
    if (text.size() > kLongestLine) {
      return sdk::Status::SourceUnreadable(
          "line " + std::to_string(line_ + 1) +
          " is longer than 16 MiB: a file without line breaks needs the option record_length");
    }
    if (!stream_.Fill()) return sdk::Status::Failed("the source could not be read");
  }
}

sdk::Status Reader::Read(sdk::BatchBuilder& batch) {
  while (!at_end_ && !batch.full()) {
    std::string_view line;
    bool more = false;
    if (auto status = NextLine(line, more); !status.ok()) return status;
    if (!more) {
      at_end_ = true;
      if (auto status = Finish(); !status.ok()) return status;
      break;
    }
    if (auto status = Take(line, batch); !status.ok()) return status;
  }
  return sdk::Status::Ok();
}

sdk::Status Reader::Take(std::string_view line, sdk::BatchBuilder& batch) {
  if (line_ <= options_.header_lines) {
    ++lines_;
    return sdk::Status::Ok();
  }
  if (line.find_first_not_of(" \t\x1A") == std::string_view::npos) {
    ++blank_;
    return sdk::Status::Ok();
  }
  ++lines_;
  cutter_.set_bytes(bytes());
  if (trailer_line_ > 0) {
    return sdk::Status::SourceUnreadable("line " + std::to_string(line_) +
                                         ": something stands behind the trailer of line " +
                                         std::to_string(trailer_line_) + ": were two files joined?");
  }
  if (!options_.trailer.empty() && line.substr(0, options_.trailer.size()) == options_.trailer)
    return TakeTrailer(line);
  if (BeginsWithAny(line, options_.skip)) {
    ++skipped_;
    return sdk::Status::Ok();
  }
  if (!options_.only.empty() && !BeginsWithAny(line, options_.only)) {
    ++others_;
    return sdk::Status::Ok();
  }
  ++records_;
  std::string why;
  if (cutter_.Cut(line, batch, why)) {
    batch.EndRecord(line_);
  } else {
    batch.AddUnreadable(line_, why, delimited::ForPeople(line, 4096));
  }
  return sdk::Status::Ok();
}

sdk::Status Reader::TakeTrailer(std::string_view line) {
  trailer_line_ = line_;
  if (options_.count_from == 0) return sdk::Status::Ok();
  std::string_view part;
  const bool has = cutter_.Part(line, options_.count_from, options_.count_to, part);
  const std::string_view digits = Trimmed(part);
  uint64_t count = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  const std::string where = "line " + std::to_string(line_) + ": ";
  if (!has || digits.empty() || error != std::errc() || end != digits.data() + digits.size()) {
    return sdk::Status::SourceUnreadable(
        where + "the trailer has no count at positions " + std::to_string(options_.count_from) + "-" +
        std::to_string(options_.count_to) + ": \"" + delimited::ForPeople(part, 24) + "\"");
  }
  const uint64_t there = options_.count_lines ? lines_ : records_;
  if (count == there) return sdk::Status::Ok();
  return sdk::Status::SourceUnreadable(where + "the trailer says " + std::to_string(count) +
                                       (options_.count_lines ? " lines" : " records") + ", there are " +
                                       std::to_string(there) +
                                       ": some were lost or added on the way; export or send the file again");
}

sdk::Status Reader::Finish() const {
  if (!options_.trailer.empty() && trailer_line_ == 0) {
    return sdk::Status::SourceUnreadable("the trailer is missing, the last line that begins with \"" +
                                         options_.trailer + "\": the file was cut off after line " +
                                         std::to_string(line_));
  }
  if (records_ > 0) return sdk::Status::Ok();
  return sdk::Status::SourceUnreadable(
      "the file has no records" +
      std::string(others_ > 0 ? ": none of its lines begins as option only says" : ""));
}

sdk::SourceFacts Reader::facts() const {
  sdk::SourceFacts facts;
  facts.encoding = delimited::NameOf(stream_.encoding());
  facts.blank = blank_;
  facts.notes = options_.layout.remarks();
  if (!stream_.remark().empty()) facts.notes.push_back(stream_.remark());
  if (options_.header_lines > 0)
    facts.notes.push_back("the first " + Lines(options_.header_lines) + " left out as header");
  if (skipped_ > 0) facts.notes.push_back(Lines(skipped_) + " left out by option skip");
  if (others_ > 0) facts.notes.push_back(Lines(others_) + " left out that do not begin as option only says");
  if (trailer_line_ > 0 && options_.count_from > 0)
    facts.notes.push_back("the count of the trailer is right");
  return facts;
}

}  // namespace concordat::fixed_width
