#include "plugins/delimited/scanner.h"

#include <bit>
#include <cstring>

#include "plugins/delimited/scan_blocks.h"

namespace concordat::delimited {
namespace {

constexpr uint64_t kOnes = 0x0101010101010101ull;
constexpr uint64_t kHighBits = 0x8080808080808080ull;

// Eight bytes at a time, on any processor.
class PortableBits {
 public:
  explicit PortableBits(const Dialect& dialect)
      : quote_(kOnes * static_cast<unsigned char>(dialect.quote)),
        delimiter_(kOnes * static_cast<unsigned char>(dialect.delimiter)),
        quoting_(dialect.quoting ? ~uint64_t{0} : 0) {}

  BlockMasks Load(const char* text) const {
    BlockMasks masks = {0, 0, 0, 0};
    for (int i = 0; i < 8; ++i) {
      uint64_t word = 0;
      for (int byte = 0; byte < 8; ++byte) {  // one load where bytes already stand in this order
        word |= static_cast<uint64_t>(static_cast<unsigned char>(text[8 * i + byte])) << (8 * byte);
      }
      masks.quote |= Equal(word, quote_) << (8 * i);
      masks.delimiter |= Equal(word, delimiter_) << (8 * i);
      masks.line_feed |= Equal(word, kOnes * '\n') << (8 * i);
      masks.carriage_return |= Equal(word, kOnes * '\r') << (8 * i);
    }
    masks.quote &= quoting_;
    return masks;
  }

  static uint64_t PrefixXor(uint64_t bits) {
    for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
    return bits;
  }
  static int Count(uint64_t bits) { return std::popcount(bits); }
  static uint32_t Lowest(uint64_t bits) { return static_cast<uint32_t>(std::countr_zero(bits)); }

 private:
  // One bit a byte that is equal, in the lowest eight bits.
  static uint64_t Equal(uint64_t word, uint64_t pattern) {
    const uint64_t x = word ^ pattern;
    const uint64_t zero =
        ~(((x & ~kHighBits) + ~kHighBits) | x | ~kHighBits);  // high bit of each zero byte, exact
    return (zero >> 7) * 0x0102040810204080ull >> 56;
  }

  uint64_t quote_, delimiter_, quoting_;
};

}  // namespace

void ScanPortable(const char* text, size_t size, const Dialect& dialect, RowIndex& index) {
  ScanBlocks<PortableBits>(text, size, dialect, index);
}

ScanFunction BestScan() {
  const ScanFunction avx2 = Avx2Scan();
#if defined(__x86_64__)
  if (avx2 != nullptr && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") &&
      __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt")) {
    return avx2;
  }
#endif
  static_cast<void>(avx2);
  return ScanPortable;
}

}  // namespace concordat::delimited
