// libFuzzer target: the reader of plugins/json. The first byte chooses options.
#include "plugins/json/reader.h"
#include "tests/fuzz/readers/harness.h"

using namespace concordat;

namespace {

fuzz::Told Read(std::string_view text, uint8_t choice, size_t chunk) {
  json::Options options;
  options.chunk_bytes = chunk;
  options.form = static_cast<json::Options::Form>(choice % 3);
  options.lists = static_cast<json::Options::Lists>(choice / 3 % 3);
  options.geometry = json::Options::Geometry::kAll;
  if ((choice & 0x40) != 0) options.explode = "a";
  if ((choice & 0x80) != 0) options.records = json::ParsePath("$.a.*");
  fuzz::BytesSource source(text);
  json::Reader reader(&source, options, "file.json");
  return fuzz::Run(reader);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  fuzz::Agree(Read(text, data[0], 1u << 20), Read(text, data[0], 64));
  json::ParsePath(text.substr(0, 200));
  return 0;
}
