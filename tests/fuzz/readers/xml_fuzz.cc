// libFuzzer target: the reader of plugins/xml. The first byte chooses options.
#include "plugins/xml/reader.h"
#include "tests/fuzz/readers/harness.h"

using namespace concordat;

namespace {

fuzz::Told Read(std::string_view text, uint8_t choice, size_t piece) {
  xml::Options options;
  options.piece_bytes = piece;
  options.keep_prefixes = (choice & 1) != 0;
  if ((choice & 2) != 0) options.repeated = xml::Options::Repeated::kCount;
  if ((choice & 4) != 0) options.explode = "n";
  if ((choice & 8) != 0) options.records = xml::ParsePath("r");
  if ((choice & 16) != 0) options.encoding = "windows-1252";
  fuzz::BytesSource source(text);
  xml::Reader reader(&source, options);
  return fuzz::Run(reader);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  fuzz::Agree(Read(text, data[0], 1u << 18), Read(text, data[0], 61));
  xml::ParsePath(text.substr(0, 200));
  return 0;
}
