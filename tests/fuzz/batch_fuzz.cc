// Batches, column names and reports as a worker that was taken over may send them: broken at random. The host
// must take none that is not sound, and read nothing beyond their end. With CONCORDAT_CORPUS it writes its
// seeds there for libfuzzer.py, which does the same with coverage and sanitizers.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "tests/fuzz/batch_input.h"
#include "tests/fuzz/breaker.h"

namespace concordat::data {
namespace {

constexpr uint64_t kOddNumbers[] = {
    0, 1, 2, 0x7F, 0xFF, 0x7FFF'FFFF, 0x8000'0000, 0xFFFF'FFFF, uint64_t{1} << 61, UINT64_MAX};

class Mutator {
 public:
  std::string Break(std::string input) {
    for (size_t i = 0, count = 1 + Pick(4); i < count && !input.empty(); ++i) BreakOnce(input);
    return input;
  }

 private:
  size_t Pick(size_t below) { return static_cast<size_t>(random_() % below); }

  void BreakOnce(std::string& input) {
    const size_t at = Pick(input.size());
    switch (Pick(5)) {
      case 0:
        input.resize(at);
        break;
      case 1:
        input[at] = static_cast<char>(Pick(256));
        break;
      case 2:
        input.insert(at, std::string(Pick(64), static_cast<char>(Pick(256))));
        break;
      case 3:
        input[at] = static_cast<char>(input[at] ^ (1 << Pick(8)));
        break;
      default: {
        const uint64_t number = kOddNumbers[Pick(std::size(kOddNumbers))];
        const size_t size = std::min<size_t>(Pick(2) == 0 ? 4 : 8, input.size() - at);
        std::memcpy(input.data() + at, &number, size);
      }
    }
  }

  std::mt19937_64 random_{20261121};
};

TEST(BatchFuzz, OnlyWhatIsSoundIsTaken) {
  const std::vector<std::string> seeds = SoundInputs();
  for (const std::string& seed : seeds) TakeInput(seed);
  Mutator mutator;
  for (size_t round = 0; round < Rounds(100'000); ++round)
    TakeInput(mutator.Break(seeds[round % seeds.size()]));
}

TEST(BatchFuzz, SeedsAreWrittenForLibFuzzer) {
  const char* folder = std::getenv("CONCORDAT_CORPUS");
  if (folder == nullptr) GTEST_SKIP() << "skipped: nobody asked for them (CONCORDAT_CORPUS)";
  std::filesystem::create_directories(folder);
  size_t count = 0;
  for (const std::string& seed : SoundInputs())
    std::ofstream(std::filesystem::path(folder) / std::to_string(count++), std::ios::binary) << seed;
}

}  // namespace
}  // namespace concordat::data
