#include "plugins/delimited/scanner.h"

#if defined(__x86_64__)

#include <immintrin.h>

// Everything below is for processors that BestScan has asked first.
#pragma GCC target("avx2,pclmul,bmi,popcnt")

#include "plugins/delimited/scan_blocks.h"

namespace concordat::delimited {
namespace {

class Avx2Bits {
 public:
  explicit Avx2Bits(const Dialect& dialect)
      : quote_(_mm256_set1_epi8(dialect.quote)),
        delimiter_(_mm256_set1_epi8(dialect.delimiter)),
        line_feed_(_mm256_set1_epi8('\n')),
        carriage_return_(_mm256_set1_epi8('\r')),
        quoting_(dialect.quoting ? ~uint64_t{0} : 0) {}

  BlockMasks Load(const char* text) const {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32));
    return {Equal(low, high, quote_) & quoting_, Equal(low, high, delimiter_), Equal(low, high, line_feed_),
            Equal(low, high, carriage_return_)};
  }

  // Carry-less multiplication by all ones: each bit becomes the parity of itself and those below.
  static uint64_t PrefixXor(uint64_t bits) {
    const __m128i product =
        _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<int64_t>(bits)), _mm_set1_epi8(-1), 0);
    return static_cast<uint64_t>(_mm_cvtsi128_si64(product));
  }
  static int Count(uint64_t bits) { return __builtin_popcountll(bits); }
  static uint32_t Lowest(uint64_t bits) { return static_cast<uint32_t>(_tzcnt_u64(bits)); }

 private:
  static uint64_t Equal(__m256i low, __m256i high, __m256i pattern) {
    const auto first = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, pattern)));
    const auto second = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, pattern)));
    return first | static_cast<uint64_t>(second) << 32;
  }

  __m256i quote_, delimiter_, line_feed_, carriage_return_;
  uint64_t quoting_;
};

void ScanAvx2(const char* text, size_t size, const Dialect& dialect, RowIndex& index) {
  ScanBlocks<Avx2Bits>(text, size, dialect, index);
}

}  // namespace

ScanFunction Avx2Scan() { return ScanAvx2; }

}  // namespace concordat::delimited

#else

namespace concordat::delimited {

ScanFunction Avx2Scan() { return nullptr; }

}  // namespace concordat::delimited

#endif
