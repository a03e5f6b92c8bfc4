#include <algorithm>
#include <cstring>
#include <optional>

#include "plugins/packed/zip.h"

namespace concordat::packed {
namespace {

using sdk::Status;

constexpr size_t kEndBytes = 22;         // of the end record, without its comment
constexpr size_t kMostComment = 0xFFFF;  // behind it
constexpr size_t kEntryBytes = 46;
constexpr uint32_t kEndMark = 0x06054b50;
constexpr uint32_t kLargeEndMark = 0x06064b50;
constexpr uint32_t kLocatorMark = 0x07064b50;
constexpr uint32_t kEntryMark = 0x02014b50;

uint64_t Number(std::string_view bytes, size_t at, size_t size) {
  uint64_t number = 0;
  for (size_t i = size; i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

Status Damaged(const std::string& how) {
  return Status::SourceUnreadable("is a damaged zip file (" + how + "): send it again");
}

Status ReadAt(ByteSource& source, uint64_t offset, size_t size, std::string& bytes) {
  bytes.resize(size);
  const int64_t got = source.Read(offset, bytes.data(), size);
  if (got < 0) return Status::Failed("the source could not be read");
  bytes.resize(static_cast<size_t>(got));
  return Status::Ok();
}

struct Directory {
  uint64_t offset = 0;
  uint64_t size = 0;
  uint64_t count = 0;
};

// A file beyond 4 GiB keeps its numbers in a second end record, to which a locator before the first one
// leads.
Status ReadLargeEnd(ByteSource& source, uint64_t end, Directory& directory) {
  std::string bytes;
  if (end < 20) return Status::Ok();
  if (Status status = ReadAt(source, end - 20, 20, bytes); !status.ok()) return status;
  if (bytes.size() < 20 || Number(bytes, 0, 4) != kLocatorMark) return Status::Ok();
  const uint64_t at = Number(bytes, 8, 8);
  if (Status status = ReadAt(source, at, 56, bytes); !status.ok()) return status;
  if (bytes.size() < 56 || Number(bytes, 0, 4) != kLargeEndMark)
    return Damaged("its end is not where it says");
  directory = {Number(bytes, 48, 8), Number(bytes, 40, 8), Number(bytes, 32, 8)};
  return Status::Ok();
}

Status FindDirectory(ByteSource& source, Directory& directory) {
  const uint64_t size = source.size();
  const uint64_t from = size > kEndBytes + kMostComment ? size - kEndBytes - kMostComment : 0;
  std::string tail;
  if (Status status = ReadAt(source, from, static_cast<size_t>(size - from), tail); !status.ok())
    return status;
  for (size_t at = tail.size() < kEndBytes ? 0 : tail.size() - kEndBytes + 1; at-- > 0;) {
    if (Number(tail, at, 4) != kEndMark) continue;
    directory = {Number(tail, at + 16, 4), Number(tail, at + 12, 4), Number(tail, at + 10, 2)};
    if (Number(tail, at + 4, 2) != Number(tail, at + 6, 2) || Number(tail, at + 8, 2) != directory.count)
      return Status::SourceUnreadable("is one part of a zip file in several parts: send it in one");
    const bool large =
        directory.offset == 0xFFFFFFFF || directory.size == 0xFFFFFFFF || directory.count == 0xFFFF;
    return large ? ReadLargeEnd(source, from + at, directory) : Status::Ok();
  }
  return Damaged("its end is missing");
}

// Numbers too large for their fields stand in an extra field, in this order and only those.
bool TakeLargeNumbers(std::string_view extra, ZipEntry& entry) {
  const bool large_size = entry.size == 0xFFFFFFFF, large_packed = entry.packed_size == 0xFFFFFFFF,
             large_offset = entry.offset == 0xFFFFFFFF;
  if (!large_size && !large_packed && !large_offset) return true;
  while (extra.size() >= 4) {
    const uint64_t kind = Number(extra, 0, 2);
    const auto size = static_cast<size_t>(Number(extra, 2, 2));
    if (size > extra.size() - 4) return false;
    std::string_view field = extra.substr(4, size);
    extra.remove_prefix(4 + size);
    if (kind != 1) continue;
    for (const auto& [large, number] :
         {std::pair{large_size, &entry.size}, std::pair{large_packed, &entry.packed_size},
          std::pair{large_offset, &entry.offset}}) {
      if (!large) continue;
      if (field.size() < 8) return false;
      *number = Number(field, 0, 8);
      field.remove_prefix(8);
    }
    return true;
  }
  return true;  // exactly so large, and not larger
}

// Names are UTF-8 when the writer says so, else of an unknown code page: only its ASCII part is certain.
std::string NameOf(std::string_view bytes, bool utf8) {
  std::string name(bytes);
  for (char& c : name) {
    if (c == '\\') c = '/';
    if (static_cast<unsigned char>(c) < 0x20 || (!utf8 && (c & 0x80) != 0)) c = '?';
  }
  return name;
}

std::optional<size_t> TakeEntry(std::string_view bytes, ZipEntry& entry) {
  if (bytes.size() < kEntryBytes || Number(bytes, 0, 4) != kEntryMark) return std::nullopt;
  const uint64_t flags = Number(bytes, 8, 2);
  const auto name = static_cast<size_t>(Number(bytes, 28, 2)),
             extra = static_cast<size_t>(Number(bytes, 30, 2)),
             comment = static_cast<size_t>(Number(bytes, 32, 2));
  if (bytes.size() < kEntryBytes + name + extra + comment) return std::nullopt;
  entry.encrypted = (flags & 1) != 0;
  entry.method = static_cast<uint16_t>(Number(bytes, 10, 2));
  entry.crc = static_cast<uint32_t>(Number(bytes, 16, 4));
  entry.packed_size = Number(bytes, 20, 4);
  entry.size = Number(bytes, 24, 4);
  entry.offset = Number(bytes, 42, 4);
  entry.name = NameOf(bytes.substr(kEntryBytes, name), (flags & 0x800) != 0);
  if (!TakeLargeNumbers(bytes.substr(kEntryBytes + name, extra), entry)) return std::nullopt;
  return kEntryBytes + name + extra + comment;
}

}  // namespace

Status ReadZipDirectory(ByteSource& source, std::vector<ZipEntry>& entries) {
  Directory directory;
  if (Status status = FindDirectory(source, directory); !status.ok()) return status;
  if (directory.count > Zip::kMostEntries || directory.size > Zip::kMostDirectory)
    return Status::SourceUnreadable("is a zip file of more than " + std::to_string(Zip::kMostEntries) +
                                    " files");
  if (directory.offset > source.size() || directory.size > source.size() - directory.offset)
    return Damaged("its list of files lies beyond its end");
  std::string bytes;
  if (Status status = ReadAt(source, directory.offset, static_cast<size_t>(directory.size), bytes);
      !status.ok())
    return status;
  std::string_view left = bytes;
  for (uint64_t i = 0; i < directory.count; ++i) {
    ZipEntry entry;
    const std::optional<size_t> size = TakeEntry(left, entry);
    if (!size) return Damaged("its list of files is cut off");
    left.remove_prefix(*size);
    entries.push_back(std::move(entry));
  }
  return Status::Ok();
}

}  // namespace concordat::packed
