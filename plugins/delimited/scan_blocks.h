// The scan itself, shared by all instruction sets. Included by each of their sources, after its target is
// set; uses nothing of the standard library, so that no code for one processor leaks into another's.
#pragma once

#include "plugins/delimited/scanner.h"

namespace concordat::delimited {
namespace {

/// One bit a byte of a block.
struct BlockMasks {
  uint64_t quote, delimiter, line_feed, carriage_return;
};

/// What a block hands to the next; all for the byte just before it.
struct ScanState {
  uint64_t inside = 0;       // all ones: within quotes
  uint64_t after_cell = 1;   // it ended a cell (or the text begins)
  uint64_t after_close = 0;  // it was a quote that closed
  uint64_t after_cr = 0;     // it was a CR that ended a row
};

/// What a block says once quotes are understood.
struct BlockEnds {
  uint64_t cells = 0;
  uint64_t rows = 0;
  bool doubtful = false;
};

inline BlockEnds Judge(const BlockMasks& m, uint64_t inside, ScanState& state, RowIndex& index) {
  const uint64_t breaks = m.line_feed | m.carriage_return;
  const uint64_t open = m.quote & inside;
  const uint64_t close = m.quote & ~inside;
  const uint64_t cells = (m.delimiter | breaks) & ~inside;
  const uint64_t after_close = close << 1 | state.after_close;
  const uint64_t may_open = cells << 1 | state.after_cell | after_close;
  BlockEnds ends;
  ends.doubtful = ((open & ~may_open) | (after_close & ~(cells | open))) != 0;
  const uint64_t cr = m.carriage_return & ~inside;
  ends.cells = cells & ~(m.line_feed & (cr << 1 | state.after_cr));  // the LF of CR LF ends nothing more
  ends.rows = ends.cells & breaks;
  if (ends.doubtful) return ends;
  index.quoted |= m.quote != 0;
  index.doubled |= (open & after_close) != 0;
  index.inner_breaks |= (breaks & inside) != 0;
  state.after_cell = cells >> 63;
  state.after_close = close >> 63;
  state.after_cr = cr >> 63;
  return ends;
}

// Writes the places of the set bits; up to seven entries beyond the count may be touched.
template <typename Bits>
inline uint32_t* PutPlaces(uint64_t bits, uint32_t base, uint32_t* to) {
  const int count = Bits::Count(bits);
  uint32_t* const end = to + count;
  for (; to < end; to += 8) {
    for (int i = 0; i < 8; ++i) {
      to[i] = base + Bits::Lowest(bits);
      bits &= bits - 1;
    }
  }
  return end;
}

/// `Bits` offers Load(text, dialect) -> BlockMasks, PrefixXor, Count, Lowest (64 is allowed for none).
template <typename Bits>
inline void ScanBlocks(const char* text, size_t size, const Dialect& dialect, RowIndex& index) {
  index.ends.clear();
  index.rows.clear();
  index.ends.Reserve(size + 72);
  index.rows.Reserve(size + 72);
  index.quoted = index.doubled = index.inner_breaks = false;
  uint32_t* const first_end = index.ends.data();
  uint32_t* cell = first_end;
  uint32_t* row = index.rows.data();
  const Bits bits(dialect);
  ScanState state;
  size_t at = 0;
  for (; at < size; at += 64) {
    BlockMasks masks = bits.Load(text + at);
    if (size - at < 64) {
      const uint64_t valid = (uint64_t{1} << (size - at)) - 1;
      masks = {masks.quote & valid, masks.delimiter & valid, masks.line_feed & valid,
               masks.carriage_return & valid};
    }
    const uint64_t inside = Bits::PrefixXor(masks.quote) ^ state.inside;
    BlockEnds ends = Judge(masks, inside, state, index);
    if (ends.doubtful) break;
    state.inside = static_cast<uint64_t>(static_cast<int64_t>(inside) >> 63);
    uint32_t ordinal = static_cast<uint32_t>(cell - first_end);
    cell = PutPlaces<Bits>(ends.cells, static_cast<uint32_t>(at), cell);
    for (; ends.rows != 0; ends.rows &= ends.rows - 1) {
      const uint64_t lowest = ends.rows & (0 - ends.rows);
      *row++ = ordinal + static_cast<uint32_t>(Bits::Count(ends.cells & (lowest - 1)));
    }
  }
  index.stop = at < size ? at : size;
  index.ends.set_size(static_cast<size_t>(cell - first_end));
  index.rows.set_size(static_cast<size_t>(row - index.rows.data()));
}

}  // namespace
}  // namespace concordat::delimited
