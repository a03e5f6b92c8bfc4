// The adapter "xml": the reader of this folder behind the adapter ABI.
#include "plugins/sdk/adapter.h"

#include <optional>
#include <string>

#include "plugins/xml/reader.h"

namespace concordat::xml {
namespace {

std::string WithoutPrefix(const std::string& name) {
  const size_t colon = name.find(':');
  return colon == std::string::npos ? name : name.substr(colon + 1);
}

sdk::Status ReadOptions(const sdk::Host& host, Options& options) {
  options.keep_prefixes = host.Option("prefixes") == "keep";
  const std::string_view records = host.Option("records");
  if (records != "auto") {
    options.records = ParsePath(records);
    if (!options.records) {
      return sdk::Status::Failed("option records: \"" + std::string(records) +
                                 "\" is no path such as Root/List/Item, //Item or Item");
    }
    for (std::string& name : options.records->names) {
      if (!options.keep_prefixes) name = WithoutPrefix(name);
    }
  }
  if (host.Option("repeated") == "count") options.repeated = Options::Repeated::kCount;
  options.separator = std::string(host.Option("separator"));
  if (host.Option("explode") != "none") options.explode = std::string(host.Option("explode"));
  if (host.Option("encoding") != "auto") options.encoding = std::string(host.Option("encoding"));
  return sdk::Status::Ok();
}

class XmlAdapter : public sdk::Adapter {
 public:
  explicit XmlAdapter(const sdk::Host& host) : Adapter(host), source_(this->host()) {}

  sdk::Status Open(std::vector<std::string>& columns) override {
    Options options;
    if (auto status = ReadOptions(host(), options); !status.ok()) return status;
    reader_.emplace(&source_, options);
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
}  // namespace concordat::xml

CONCORDAT_ADAPTER(concordat::xml::XmlAdapter)
