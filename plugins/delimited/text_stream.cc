#include "plugins/delimited/text_stream.h"

#include <algorithm>
#include <cstring>

namespace concordat::delimited {
namespace {

constexpr char kDosEndOfFile = '\x1A';
constexpr size_t kHead = 4096;
constexpr int kMostWrongGuesses = 4;

// A file that is not UTF-8 throughout is Windows-1252, unless nearly all of it is UTF-8: then some bytes were
// damaged, and their records are shown rather than every accent turned into two other letters.
Encoding Likelier(const Utf8Census& census) {
  const bool damaged_utf8 = census.invalid == 0 || census.sequences >= 10 * census.invalid;
  return damaged_utf8 ? Encoding::kUtf8 : Encoding::kWindows1252;
}

}  // namespace

TextStream::TextStream(Source* source, std::optional<Encoding> encoding, size_t chunk_bytes,
                       uint64_t ahead_from)
    : source_(source),
      encoding_(encoding),
      chunk_bytes_(std::max<size_t>(chunk_bytes, 64)),
      ahead_from_(ahead_from),
      decided_(encoding.has_value()),
      ahead_(source) {}

bool TextStream::Fill() {
  if (at_end_) return true;
  if (!started_ && !Start()) return false;
  const size_t kept = text().size();
  // A piece as long as what is kept, so that a long record is looked at a few times only.
  const size_t wanted = kept + std::max(chunk_bytes_, kept);
  while (!at_end_ && (text().size() == kept || text().size() < wanted)) {
    if (!ReadPiece()) return false;
  }
  buffer_.Reserve(kPadding);
  std::memset(buffer_.data() + buffer_.size(), 0, kPadding);
  LookAhead();
  return true;
}

bool TextStream::Start() {
  started_ = true;
  raw_.Reserve(kHead);
  const int64_t got = source_->Read(0, raw_.data(), kHead);
  if (got < 0) return false;
  const std::string_view head(raw_.data(), static_cast<size_t>(got));
  const ByteOrderMark mark = FindByteOrderMark(head);
  const bool marked = mark.size > 0;
  offset_ = mark.size;
  Encoding guess;
  if (marked) {
    if (decided_ && mark.encoding != *encoding_) {
      remark_ = std::string("the byte order mark says ") + NameOf(mark.encoding) + "; it was believed";
    }
    encoding_ = mark.encoding;
  } else if ((!decided_ || *encoding_ == Encoding::kUtf16Le) && LooksLikeUtf16(head, guess)) {
    encoding_ = guess;
    remark_ = std::string("the file has no byte order mark; it was read as ") + NameOf(guess);
  }
  decided_ = encoding_.has_value();
  return true;
}

// Moves what is left of the text to the beginning of its buffer.
void TextStream::KeepRest() {
  if (head_ == 0) return;
  const size_t kept = text().size();
  std::memmove(buffer_.data(), buffer_.data() + head_, kept);
  buffer_.set_size(kept);
  head_ = 0;
}

bool TextStream::ReadPiece() {
  const bool in_place = encoding() == Encoding::kUtf8;
  if (in_place) return ReadUtf8(chunk_bytes_);
  KeepRest();
  return ReadOther(chunk_bytes_);
}

// Puts the piece that was read ahead behind what is left, by moving only the latter; false when there is
// none.
bool TextStream::TakeAhead() {
  const size_t kept = text().size();
  ForgetRows(false);
  if (!ahead_.Take(offset_, piece_)) return false;
  if (kept > ReadAhead::kHeadroom || piece_.got < 0) {
    ForgetRows(false);
    return false;
  }
  const size_t head = ReadAhead::kHeadroom - kept;
  next_window_ = 0;
  if (piece_.window_count > 0 && piece_.rows_at != head) ForgetRows(true);
  if (piece_.window_count == 0) std::memcpy(piece_.bytes.data() + head, text().data(), kept);
  std::swap(buffer_, piece_.bytes);
  buffer_.set_size(ReadAhead::kHeadroom);  // what was read is counted as it is used
  head_ = head;
  rows_ = buffer_.data() + head;
  return true;
}

const RowIndex* TextStream::RowsAhead() {
  if (next_window_ >= piece_.window_count) return nullptr;
  if (text().data() != rows_) {
    ForgetRows(true);
    return nullptr;
  }
  const RowIndex& rows = piece_.windows[next_window_++];
  rows_ += EndOfRows(rows_, rows);
  if (next_window_ == piece_.window_count) wrong_guesses_ = 0;
  return &rows;
}

// What is in hand is scanned again as it is read; a file full of surprises is not scanned ahead any more.
void TextStream::ForgetRows(bool wrong) {
  piece_.window_count = 0;
  if (wrong && ++wrong_guesses_ > kMostWrongGuesses) scan_ = {};
}

// Small files are read before a thread has started.
void TextStream::LookAhead() {
  if (source_->size() < ahead_from_ || encoding() != Encoding::kUtf8 || at_end_) return;
  const bool known = piece_.window_count > 0 && piece_.rows_at == head_;
  ReadAhead::Request request{offset_, chunk_bytes_, kPadding,
                             scan_,   text(),       known ? piece_.rows_end - head_ : 0};
  if (damaged_) request.scan = {};
  ahead_.Begin(request);
}

// The next piece behind the text, looked through; how much it is, or -1.
int64_t TextStream::ReadPlain(size_t size, ByteSurvey& survey) {
  if (TakeAhead()) {
    survey = piece_.survey;
    return piece_.got;
  }
  KeepRest();
  buffer_.Reserve(size + kPadding);
  char* const piece = buffer_.data() + buffer_.size();
  const int64_t got = source_->Read(offset_, piece, size);
  if (got > 0) survey = SurveyBytes({piece, static_cast<size_t>(got)});
  return got;
}

bool TextStream::ReadUtf8(size_t size) {
  ByteSurvey survey;
  const int64_t got = ReadPlain(size, survey);
  if (got < 0) return false;
  char* piece = buffer_.data() + buffer_.size();
  size_t used = static_cast<size_t>(got);
  saw_nul_ |= survey.nul;
  const bool last = offset_ + used >= source_->size() || used == 0;
  if (!survey.ascii) {
    if (!decided_ && !Decide({piece, used})) return false;
    if (encoding() != Encoding::kUtf8) return true;  // the piece is read again, as what it is
    used = MarkInvalidUtf8(piece, used, last, damaged_);
  }
  buffer_.set_size(buffer_.size() + used);
  offset_ += used;
  if (last) Finish();
  if (used != static_cast<size_t>(got) || last || damaged_) ForgetRows(false);
  return true;
}

bool TextStream::ReadOther(size_t size) {
  raw_.Reserve(size);
  const int64_t got = source_->Read(offset_, raw_.data(), size);
  if (got < 0) return false;
  const std::string_view bytes(raw_.data(), static_cast<size_t>(got));
  const bool last = offset_ + bytes.size() >= source_->size() || bytes.empty();
  const size_t before = buffer_.size();
  offset_ += DecodeTo(encoding(), bytes, last, buffer_, damaged_);
  saw_nul_ |= SurveyBytes({buffer_.data() + before, buffer_.size() - before}).nul;
  if (last) Finish();
  return true;
}

// `piece`, at offset_, holds the first bytes beyond ASCII.
bool TextStream::Decide(std::string_view piece) {
  Utf8Census census;
  uint64_t at = offset_ + CountUtf8(piece, offset_ + piece.size() >= source_->size(), census);
  while (at < source_->size()) {
    raw_.Reserve(chunk_bytes_);
    const int64_t got = source_->Read(at, raw_.data(), chunk_bytes_);
    if (got < 0) return false;
    const size_t size = static_cast<size_t>(got);
    const bool last = size == 0 || at + size >= source_->size();
    at += CountUtf8({raw_.data(), size}, last, census);
    if (last) break;
  }
  encoding_ = Likelier(census);
  decided_ = true;
  if (*encoding_ == Encoding::kUtf8 && census.invalid > 0) {
    remark_ = "not UTF-8 throughout, though nearly: bytes that are not, " + std::to_string(census.invalid);
  } else if (*encoding_ == Encoding::kWindows1252 && census.sequences > 0) {
    remark_ = "read as Windows-1252, though characters that look like UTF-8 stand in it, too: " +
              std::to_string(census.sequences);
  }
  return true;
}

void TextStream::Finish() {
  at_end_ = true;
  if (buffer_.size() > head_ && buffer_[buffer_.size() - 1] == kDosEndOfFile)
    buffer_.set_size(buffer_.size() - 1);
  const char last = buffer_.size() > head_ ? buffer_[buffer_.size() - 1] : '\n';
  if (last != '\n' && last != '\r') buffer_.Append('\n');
}

}  // namespace concordat::delimited
