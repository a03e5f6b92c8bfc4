// libFuzzer target: the reader of plugins/delimited. The first byte chooses options.
#include "plugins/delimited/reader.h"
#include "tests/fuzz/readers/harness.h"

using namespace concordat;

namespace {

// The reader with its own words for outcomes as one that the harness knows.
class Adapted {
 public:
  Adapted(delimited::Source* source, const delimited::Options& options) : reader_(source, options) {}

  sdk::Status Open(std::vector<std::string>& columns) {
    const sdk::Status status = Said(reader_.Open());
    if (status.ok()) columns = reader_.layout().names;
    return status;
  }
  sdk::Status Read(sdk::BatchBuilder& batch) { return Said(reader_.Next(batch)); }

 private:
  sdk::Status Said(delimited::Outcome outcome) const {
    if (outcome == delimited::Outcome::kUnreadable) return sdk::Status::SourceUnreadable(reader_.message());
    if (outcome == delimited::Outcome::kFailed) return sdk::Status::Failed(reader_.message());
    return sdk::Status::Ok();
  }

  delimited::Reader reader_;
};

fuzz::Told Read(std::string_view text, uint8_t choice, size_t chunk) {
  delimited::Options options;
  options.chunk_bytes = chunk;
  options.ahead_from = (choice & 32) != 0 ? 0 : options.ahead_from;
  if ((choice & 1) != 0) options.delimiter = ';';
  options.quoting = (choice & 2) == 0;
  if ((choice & 4) != 0) options.header = delimited::Options::Header::kNone;
  if ((choice & 8) != 0) options.encoding = delimited::Encoding::kUtf8;
  if ((choice & 16) != 0) options.encoding = delimited::Encoding::kUtf16Le;
  fuzz::BytesSource source(text);
  Adapted reader(&source, options);
  return fuzz::Run(reader);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  fuzz::Agree(Read(text, data[0], 1u << 20), Read(text, data[0], 64));
  return 0;
}
