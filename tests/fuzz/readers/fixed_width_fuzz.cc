// libFuzzer target: the reader of plugins/fixed_width. The first byte chooses options, the first line may be the layout.
#include "plugins/fixed_width/reader.h"
#include "tests/fuzz/readers/harness.h"

using namespace concordat;

namespace {

fuzz::Told Read(std::string_view text, uint8_t choice, const fixed_width::Layout& layout, size_t chunk) {
  fixed_width::Options options;
  options.layout = layout;
  options.chunk_bytes = chunk;
  options.bytes = (choice & 1) != 0;
  options.trim = static_cast<fixed_width::Options::Trim>(choice / 2 % 3);
  options.pad_short = (choice & 8) != 0;
  options.cut_long = (choice & 8) != 0;
  if ((choice & 16) != 0) options.only = {"02"};
  if ((choice & 32) != 0) options.trailer = "99", options.count_from = 3, options.count_to = 10;
  if ((choice & 64) != 0) options.record_length = 7;
  fuzz::BytesSource source(text);
  fixed_width::Reader reader(&source, options);
  return fuzz::Run(reader);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  fixed_width::Layout layout;
  if (!fixed_width::ParseLayout(text.substr(0, text.find('\n')), layout).ok()) {
    layout = {};
    (void)fixed_width::ParseLayout("ref 3-8, month 9-15, ward 16-26, hours 27-30, rest 31-", layout);
  }
  (void)layout.remarks();
  fuzz::Agree(Read(text, data[0], layout, 1u << 20), Read(text, data[0], layout, 64));
  return 0;
}
