// libFuzzer's door to batch_input.h; built by libfuzzer.py.
#include "tests/fuzz/batch_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  concordat::data::TakeInput({reinterpret_cast<const char*>(data), size});
  return 0;
}
