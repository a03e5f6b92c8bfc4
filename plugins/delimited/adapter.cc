// The adapter "delimited": the reader of this folder behind the adapter ABI.
#include "plugins/sdk/adapter.h"

#include <charconv>
#include <optional>
#include <string>

#include "plugins/delimited/reader.h"

namespace concordat::delimited {
namespace {

/// The worker's source.
class HostSource : public Source {
 public:
  explicit HostSource(const sdk::Host& host) : host_(host) {}
  uint64_t size() const override { return host_.source_size(); }
  int64_t Read(uint64_t offset, char* into, size_t size) override {
    size_t got = 0;
    return host_.ReadSource(offset, into, size, got).ok() ? static_cast<int64_t>(got) : -1;
  }

 private:
  const sdk::Host& host_;
};

sdk::Status BadOption(const std::string& name, std::string_view value, const std::string& expected) {
  return sdk::Status::Failed("option " + name + ": \"" + std::string(value) + "\" is not " + expected);
}

sdk::Status ReadEncoding(std::string_view value, Options& options) {
  if (value == "utf-8") {
    options.encoding = Encoding::kUtf8;
  } else if (value == "windows-1252") {
    options.encoding = Encoding::kWindows1252;
  } else if (value == "utf-16") {
    options.encoding = Encoding::kUtf16Le;
  } else if (value != "auto" && !value.empty()) {
    return BadOption("encoding", value, "one of auto, utf-8, windows-1252, utf-16");
  }
  return sdk::Status::Ok();
}

// One ASCII character that can stand between or around cells.
std::optional<char> Mark(std::string_view value) {
  if (value == "tab" || value == "\\t") return '\t';
  const bool fits =
      value.size() == 1 && (value[0] & 0x80) == 0 && value[0] != '\n' && value[0] != '\r' && value[0] != 0;
  return fits ? std::optional<char>(value[0]) : std::nullopt;
}

sdk::Status ReadMarks(std::string_view delimiter, std::string_view quote, Options& options) {
  if (delimiter != "auto" && !delimiter.empty()) {
    options.delimiter = Mark(delimiter);
    if (!options.delimiter) return BadOption("delimiter", delimiter, "auto, tab or one ASCII character");
  }
  options.quoting = quote != "none";
  if (options.quoting && !quote.empty()) {
    const std::optional<char> mark = Mark(quote);
    if (!mark) return BadOption("quote", quote, "none or one ASCII character");
    options.quote = *mark;
  }
  if (options.quoting && options.delimiter == options.quote) {
    return BadOption("quote", quote, "another character than the delimiter");
  }
  return sdk::Status::Ok();
}

sdk::Status ReadHeader(std::string_view value, Options& options) {
  if (value == "auto" || value.empty()) return sdk::Status::Ok();
  if (value == "none") {
    options.header = Options::Header::kNone;
    return sdk::Status::Ok();
  }
  options.header = Options::Header::kLine;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), options.header_line);
  if (error == std::errc() && end == value.data() + value.size() && options.header_line > 0)
    return sdk::Status::Ok();
  return BadOption("header", value, "auto, none or the number of a line");
}

sdk::Status ReadOptions(const sdk::Host& host, Options& options) {
  if (auto status = ReadEncoding(host.Option("encoding"), options); !status.ok()) return status;
  if (auto status = ReadMarks(host.Option("delimiter"), host.Option("quote"), options); !status.ok())
    return status;
  return ReadHeader(host.Option("header"), options);
}

class DelimitedAdapter : public sdk::Adapter {
 public:
  explicit DelimitedAdapter(const sdk::Host& host) : Adapter(host), source_(this->host()) {}

  sdk::Status Open(std::vector<std::string>& columns) override {
    Options options;
    if (auto status = ReadOptions(host(), options); !status.ok()) return status;
    reader_.emplace(&source_, options);
    if (auto status = Judge(reader_->Open()); !status.ok()) return status;
    columns = reader_->layout().names;
    return sdk::Status::Ok();
  }

  sdk::Status Read(sdk::BatchBuilder& batch) override {
    const Outcome outcome = reader_->Next(batch);
    if (outcome == Outcome::kEnd) Report();
    return Judge(outcome);
  }

 private:
  sdk::Status Judge(Outcome outcome) const {
    if (outcome == Outcome::kUnreadable) return sdk::Status::SourceUnreadable(reader_->message());
    if (outcome == Outcome::kFailed) return sdk::Status::Failed(reader_->message());
    return sdk::Status::Ok();
  }

  void Report() const {
    const Facts facts = reader_->facts();
    const Layout& layout = reader_->layout();
    sdk::SourceFacts told;
    told.encoding = facts.encoding;
    told.delimiter = std::string(1, facts.delimiter);
    told.header_line = layout.header_line;
    told.blank = facts.blank;
    told.notes = facts.notes;
    if (layout.written != layout.names) told.columns = layout.written;
    host().Report(told);
  }

  HostSource source_;
  std::optional<Reader> reader_;
};

}  // namespace
}  // namespace concordat::delimited

CONCORDAT_ADAPTER(concordat::delimited::DelimitedAdapter)
