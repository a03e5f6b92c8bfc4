// The adapter "fixed_width": the reader of this folder behind the adapter ABI.
#include "plugins/sdk/adapter.h"

#include <optional>
#include <string>

#include "plugins/fixed_width/reader.h"

namespace concordat::fixed_width {
namespace {

// "02, 03": beginnings of lines; blanks around them do not count.
std::vector<std::string> Beginnings(std::string_view text) {
  std::vector<std::string> beginnings;
  while (!text.empty()) {
    const size_t end = text.find(',');
    std::string_view each = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    each.remove_prefix(std::min(each.find_first_not_of(' '), each.size()));
    each = each.substr(0, each.find_last_not_of(' ') + 1);
    if (!each.empty()) beginnings.emplace_back(each);
  }
  return beginnings;
}

sdk::Status ReadCount(const sdk::Host& host, const char* option, size_t most, size_t& count) {
  // The manifest has made sure that it is a whole number.
  const long long value = std::stoll(std::string(host.Option(option)));
  if (value < 0 || static_cast<unsigned long long>(value) > most) {
    return sdk::Status::Failed(std::string("option ") + option + " must be between 0 and " +
                               std::to_string(most));
  }
  count = static_cast<size_t>(value);
  return sdk::Status::Ok();
}

sdk::Status ReadTrailer(const sdk::Host& host, Options& options) {
  if (host.Option("trailer") != "none") options.trailer = std::string(host.Option("trailer"));
  const std::string_view count = host.Option("trailer_count");
  if (count == "none") return sdk::Status::Ok();
  if (!ParseRange(count, options.count_from, options.count_to) || options.count_to == Field::kOpen ||
      options.count_to < options.count_from) {
    return sdk::Status::Failed("option trailer_count: \"" + std::string(count) +
                               "\" is no range of positions such as 3-10");
  }
  if (options.trailer.empty()) {
    return sdk::Status::Failed("option trailer_count needs the option trailer: how the last line begins");
  }
  options.count_lines = host.Option("trailer_counts") == "lines";
  return sdk::Status::Ok();
}

sdk::Status ReadOptions(const sdk::Host& host, Options& options) {
  if (auto status = ParseLayout(host.Option("columns"), options.layout); !status.ok()) return status;
  options.bytes = host.Option("positions") == "bytes";
  const std::string_view trim = host.Option("trim");
  options.trim = trim == "none"    ? Options::Trim::kNone
                 : trim == "right" ? Options::Trim::kRight
                                   : Options::Trim::kBoth;
  const std::string_view encoding = host.Option("encoding");
  if (encoding == "utf-8") options.encoding = delimited::Encoding::kUtf8;
  if (encoding == "windows-1252") options.encoding = delimited::Encoding::kWindows1252;
  if (encoding == "utf-16") options.encoding = delimited::Encoding::kUtf16Le;
  size_t header_lines = 0;
  if (auto status = ReadCount(host, "header_lines", 100000, header_lines); !status.ok()) return status;
  options.header_lines = header_lines;
  if (auto status = ReadCount(host, "record_length", 1u << 20, options.record_length); !status.ok())
    return status;
  if (host.Option("only") != "all") options.only = Beginnings(host.Option("only"));
  if (host.Option("skip") != "none") options.skip = Beginnings(host.Option("skip"));
  options.pad_short = host.Option("short_lines") == "pad";
  options.cut_long = host.Option("long_lines") == "cut";
  return ReadTrailer(host, options);
}

class FixedWidthAdapter : public sdk::Adapter {
 public:
  explicit FixedWidthAdapter(const sdk::Host& host) : Adapter(host), source_(this->host()) {}

  sdk::Status Open(std::vector<std::string>& columns) override {
    Options options;
    if (auto status = ReadOptions(host(), options); !status.ok()) return status;
    reader_.emplace(&source_, std::move(options));
    return reader_->Open(columns);
  }

  sdk::Status Read(sdk::BatchBuilder& batch) override {
    const sdk::Status status = reader_->Read(batch);
    if (status.ok() && batch.rows() == 0) host().Report(reader_->facts());
    return status;
  }

 private:
  tree::HostSource source_;
  std::optional<Reader> reader_;
};

}  // namespace
}  // namespace concordat::fixed_width

CONCORDAT_ADAPTER(concordat::fixed_width::FixedWidthAdapter)
