#include "plugins/packed/zip.h"

#include <zlib.h>

#include <algorithm>

namespace concordat::packed {
namespace {

using sdk::Status;
using namespace std::string_view_literals;

constexpr size_t kLocalBytes = 30;

uint64_t Number(const char* bytes, size_t size) {
  uint64_t number = 0;
  for (size_t i = size; i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes[i]);
  return number;
}

std::string MethodName(uint16_t method) {
  if (method == 9) return "Deflate64, as Windows does with files beyond 2 GB";
  if (method == 12) return "bzip2";
  if (method == 14) return "LZMA";
  if (method == 95) return "xz";
  return "method " + std::to_string(method);
}

// Holds an entry to what the directory says of it.
class EntryStream : public ByteStream {
 public:
  EntryStream(const ZipEntry& entry, std::unique_ptr<ByteStream> plain, const UnpackLimits& limits)
      : entry_(entry), plain_(std::move(plain)), limits_(limits), crc_(crc32(0, nullptr, 0)) {}

  int64_t Read(char* into, size_t size) override {
    const int64_t got = plain_->Read(into, size);
    if (got < 0) return Fail(plain_->status());
    done_ += static_cast<uint64_t>(got);
    crc_ = crc32_z(crc_, reinterpret_cast<const Bytef*>(into), static_cast<size_t>(got));
    if (const std::string why = WhyTooMuch(limits_, entry_.packed_size, done_); !why.empty())
      return Fail(Status::SourceUnreadable(entry_.name + " " + why));
    if (done_ > entry_.size || (got == 0 && (done_ != entry_.size || crc_ != entry_.crc)))
      return Fail(Status::SourceUnreadable(entry_.name + " is damaged within its zip file: send it again"));
    return got;
  }

 private:
  const ZipEntry entry_;
  const std::unique_ptr<ByteStream> plain_;
  const UnpackLimits limits_;
  uLong crc_;
  uint64_t done_ = 0;
};

}  // namespace

bool LooksLikeZip(std::string_view head) {
  return head.substr(0, 4) == "PK\x03\x04"sv || head.substr(0, 4) == "PK\x05\x06"sv;
}

Status Zip::Open(ByteSource* source) {
  source_ = source;
  entries_.clear();
  return ReadZipDirectory(*source, entries_);
}

const ZipEntry* Zip::Find(std::string_view name) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const ZipEntry& entry) { return entry.name == name; });
  return found == entries_.end() ? nullptr : &*found;
}

Status Zip::Read(const ZipEntry& entry, std::unique_ptr<ByteStream>& out, const UnpackLimits& limits) const {
  if (entry.encrypted) {
    return Status::SourceUnreadable(entry.name +
                                    " has a password within its zip file: pack it without one, its way to "
                                    "the host is encrypted all the same");
  }
  if (entry.method != 0 && entry.method != 8 && entry.method != 93) {
    return Status::SourceUnreadable(
        entry.name + " is packed with " + MethodName(entry.method) +
        ", which is not read here: pack it as a common zip file, or send it unpacked");
  }
  char local[kLocalBytes];
  const int64_t got = source_->Read(entry.offset, local, kLocalBytes);
  if (got < 0) return Status::Failed("the source could not be read");
  if (got < static_cast<int64_t>(kLocalBytes) || !LooksLikeZip({local, 4}))
    return Status::SourceUnreadable(entry.name + " is not where its zip file says: send it again");
  const uint64_t start = entry.offset + kLocalBytes + Number(local + 26, 2) + Number(local + 28, 2);
  std::unique_ptr<ByteStream> plain = std::make_unique<SourceStream>(source_, start, entry.packed_size);
  if (entry.method == 8) plain = Inflate(std::move(plain), Deflated::kRaw, entry.name);
  if (entry.method == 93) plain = UnpackZstd(std::move(plain), entry.name);
  ZipEntry told = entry;
  told.packed_size = std::min(told.packed_size, source_->size());  // a stranger's number
  out = std::make_unique<EntryStream>(told, std::move(plain), limits);
  return Status::Ok();
}

}  // namespace concordat::packed
