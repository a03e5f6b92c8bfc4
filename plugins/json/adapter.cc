// The adapter "json": the reader of this folder behind the adapter ABI.
#include "plugins/sdk/adapter.h"

#include <optional>
#include <string>
#include <utility>

#include "plugins/json/reader.h"

namespace concordat::json {
namespace {

template <typename Word>
using Words = std::initializer_list<std::pair<std::string_view, Word>>;

// The manifest has made sure that it is one of them.
template <typename Word>
Word Choose(std::string_view value, Words<Word> words, Word otherwise) {
  for (const auto& [name, word] : words) {
    if (name == value) return word;
  }
  return otherwise;
}

std::optional<delimited::Encoding> EncodingOf(std::string_view value) {
  if (value == "utf-8") return delimited::Encoding::kUtf8;
  if (value == "windows-1252") return delimited::Encoding::kWindows1252;
  if (value == "utf-16") return delimited::Encoding::kUtf16Le;
  return std::nullopt;
}

sdk::Status ReadOptions(const sdk::Host& host, Options& options) {
  using O = Options;
  const std::string_view records = host.Option("records");
  if (records != "auto") {
    options.records = ParsePath(records);
    if (!options.records) {
      return sdk::Status::Failed("option records: \"" + std::string(records) +
                                 "\" is no path such as $.data.items, $.areas.* or $[\"odd name\"]");
    }
  }
  options.form = Choose<O::Form>(
      host.Option("form"), {{"document", O::Form::kDocument}, {"lines", O::Form::kLines}}, O::Form::kAuto);
  options.lists = Choose<O::Lists>(host.Option("lists"),
                                   {{"count", O::Lists::kCount}, {"text", O::Lists::kText}}, O::Lists::kJoin);
  options.geometry = Choose<O::Geometry>(host.Option("geometry"),
                                         {{"none", O::Geometry::kNone},
                                          {"point", O::Geometry::kPoint},
                                          {"box", O::Geometry::kBox},
                                          {"wkt", O::Geometry::kWkt},
                                          {"all", O::Geometry::kAll}},
                                         O::Geometry::kType);
  options.separator = std::string(host.Option("separator"));
  const std::string_view explode = host.Option("explode");
  if (explode != "none") options.explode = std::string(explode);
  options.encoding = EncodingOf(host.Option("encoding"));
  return sdk::Status::Ok();
}

class JsonAdapter : public sdk::Adapter {
 public:
  explicit JsonAdapter(const sdk::Host& host) : Adapter(host), source_(this->host()) {}

  sdk::Status Open(std::vector<std::string>& columns) override {
    Options options;
    if (auto status = ReadOptions(host(), options); !status.ok()) return status;
    reader_.emplace(&source_, options, std::string(host().source_name()));
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
}  // namespace concordat::json

CONCORDAT_ADAPTER(concordat::json::JsonAdapter)
