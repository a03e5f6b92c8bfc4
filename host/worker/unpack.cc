// What stands in front of every adapter: gzip, Zstandard and zip.
#include <algorithm>
#include <cctype>
#include <cstring>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/worker/pattern.h"
#include "host/worker/shown_text.h"
#include "host/worker/source.h"
#include "plugins/packed/zip.h"

namespace concordat::worker {
namespace {

using packed::ByteStream;
using packed::Zip;
using packed::ZipEntry;
using namespace std::string_view_literals;

constexpr uint64_t kMostKept = uint64_t{64}
                               << 20;  // unpacked bytes that stay in memory, so that nothing is done twice
constexpr size_t kPiece = 256 << 10;
constexpr size_t kHead = 8;
constexpr size_t kNamesShown = 8;

std::string Shown(std::string_view name) { return ShownText(name, 120); }

absl::Status ToStatus(const sdk::Status& status) {
  if (status.ok()) return absl::OkStatus();
  if (status.code() == CONCORDAT_SOURCE_UNREADABLE)
    return absl::InvalidArgumentError(ShownText(status.message(), 900));
  return absl::InternalError(status.message());
}

bool IsGzip(std::string_view head) { return head.substr(0, 3) == "\x1F\x8B\x08"sv; }
bool IsZstd(std::string_view head) { return head.substr(0, 4) == "\x28\xB5\x2F\xFD"sv; }

std::string_view FileName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

bool EndsIn(std::string_view name, std::string_view ending) {
  return name.size() > ending.size() && Lower(name.substr(name.size() - ending.size())) == ending;
}

// "2019.csv" out of "2019.csv.gz".
std::string InnerName(std::string_view name) {
  for (const std::string_view ending : {".gz"sv, ".gzip"sv, ".zst"sv, ".zstd"sv}) {
    if (EndsIn(name, ending)) return std::string(name.substr(0, name.size() - ending.size()));
  }
  return std::string(name);
}

// What systems put beside the files that somebody packed.
bool IsLitter(const ZipEntry& entry) {
  const std::string_view name = FileName(entry.name);
  return entry.folder() || entry.name.rfind("__MACOSX/", 0) == 0 || name == ".DS_Store" ||
         Lower(name) == "thumbs.db" || Lower(name) == "desktop.ini";
}

// Workbooks and the like are zip files themselves: whoever packs data packs no such members at the top.
bool IsDocument(const Zip& zip) {
  return zip.Find("[Content_Types].xml") != nullptr || zip.Find("xl/workbook.xml") != nullptr ||
         (zip.Find("mimetype") != nullptr &&
          (zip.Find("content.xml") != nullptr || zip.Find("META-INF/manifest.xml") != nullptr));
}

/// Reads a Source as plugins/packed wants it.
class PackedBytes : public packed::ByteSource {
 public:
  explicit PackedBytes(Source* source) : source_(source) {}
  uint64_t size() const override { return source_->size(); }
  int64_t Read(uint64_t offset, char* into, size_t size) override {
    return source_->Read(offset, into, size);
  }

 private:
  Source* source_;
};

std::string Listed(const std::vector<const ZipEntry*>& members) {
  std::vector<std::string> names;
  for (size_t i = 0; i < std::min(members.size(), kNamesShown); ++i) names.push_back(Shown(members[i]->name));
  std::string list = fmt::format("{}", fmt::join(names, ", "));
  if (members.size() > kNamesShown) list += fmt::format(" and {} more", members.size() - kNamesShown);
  return list;
}

/// Which member is meant. Null when the zip file is itself a document and to be read as it is.
absl::StatusOr<const ZipEntry*> Choose(const Zip& zip, const std::string& pattern,
                                       const std::string& archive) {
  std::vector<const ZipEntry*> members, fitting;
  for (const ZipEntry& entry : zip.entries()) {
    if (IsLitter(entry)) continue;
    members.push_back(&entry);
    if (pattern != "auto" && (Matches(pattern, entry.name) || Matches(pattern, FileName(entry.name))))
      fitting.push_back(&entry);
  }
  if (fitting.empty() && IsDocument(zip)) return nullptr;
  if (fitting.size() == 1) return fitting[0];
  if (members.empty())
    return absl::InvalidArgumentError(
        fmt::format("{} holds no file: pack the extract and send it again", archive));
  if (pattern == "auto" || members.size() == 1) {
    if (members.size() == 1) return members[0];
    return absl::InvalidArgumentError(
        fmt::format("{} holds {} files ({}): send the one that is meant, or let the feed name it (adapter: "
                    "{{unpack: \"*.csv\"}})",
                    archive, members.size(), Listed(members)));
  }
  if (fitting.empty())
    return absl::InvalidArgumentError(
        fmt::format("{} holds no file like \"{}\", which the feed asks for; it holds {}", archive,
                    Shown(pattern), Listed(members)));
  return absl::InvalidArgumentError(
      fmt::format("{} holds {} files like \"{}\", where the feed asks for one: {}", archive, fitting.size(),
                  Shown(pattern), Listed(fitting)));
}

/// Watches over the whole: the bytes that came in all, against those of the file that was sent.
class BoundedStream : public ByteStream {
 public:
  BoundedStream(std::unique_ptr<ByteStream> plain, uint64_t packed_size, std::string name)
      : plain_(std::move(plain)), packed_size_(packed_size), name_(std::move(name)) {}

  int64_t Read(char* into, size_t size) override {
    const int64_t got = plain_->Read(into, size);
    if (got < 0) return Fail(plain_->status());
    done_ += static_cast<uint64_t>(got);
    if (const std::string why = packed::WhyTooMuch({}, packed_size_, done_); !why.empty())
      return Fail(sdk::Status::SourceUnreadable(name_ + " " + why));
    return got;
  }

 private:
  const std::unique_ptr<ByteStream> plain_;
  const uint64_t packed_size_;
  const std::string name_;
  uint64_t done_ = 0;
};

/// Bytes that were read to look at them, and then the rest.
class ResumedStream : public ByteStream {
 public:
  ResumedStream(std::string head, std::unique_ptr<ByteStream> rest)
      : head_(std::move(head)), rest_(std::move(rest)) {}

  int64_t Read(char* into, size_t size) override {
    if (at_ < head_.size()) {
      const size_t count = std::min(size, head_.size() - at_);
      std::memcpy(into, head_.data() + at_, count);
      at_ += count;
      return static_cast<int64_t>(count);
    }
    const int64_t got = rest_->Read(into, size);
    return got < 0 ? Fail(rest_->status()) : got;
  }

 private:
  const std::string head_;
  size_t at_ = 0;
  const std::unique_ptr<ByteStream> rest_;
};

absl::StatusOr<std::string> TakeHead(ByteStream& stream) {
  std::string head(kHead, '\0');
  size_t done = 0;
  while (done < kHead) {
    const int64_t got = stream.Read(head.data() + done, kHead - done);
    if (got < 0) return ToStatus(stream.status());
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  head.resize(done);
  return head;
}

/// A packed source and what it takes to unpack it from the beginning, as often as it is needed.
class UnpackedSource : public Source {
 public:
  UnpackedSource(const data::WorkerJob& job, std::unique_ptr<Source> raw)
      : job_(job), raw_(std::move(raw)), bytes_(raw_.get()) {}

  // False when the source is to be read as it is.
  absl::StatusOr<bool> Prepare(std::string_view head) {
    name_ = InnerName(FileName(raw_->name()));
    if (packed::LooksLikeZip(head)) {
      const absl::Status opened = ToStatus(zip_.Open(&bytes_));
      if (absl::IsInvalidArgument(opened))
        return absl::InvalidArgumentError(fmt::format("{} {}", Shown(raw_->name()), MessageOf(opened)));
      RETURN_IF_ERROR(opened);
      ASSIGN_OR_RETURN(member_, Choose(zip_, job_.unpack, Shown(raw_->name())));
      if (member_ == nullptr) return false;
      name_ = InnerName(FileName(member_->name));
      if (EndsIn(name_, ".zip"))
        return absl::InvalidArgumentError(
            fmt::format("{} holds another zip file, {}: send that one", Shown(raw_->name()), Shown(name_)));
    }
    RETURN_IF_ERROR(Measure());
    return true;
  }

  std::unique_ptr<Source> GiveBack() { return std::move(raw_); }

  const std::string& name() const override { return name_; }
  uint64_t size() const override { return size_; }

  int64_t Read(uint64_t offset, void* buffer, uint64_t size) override {
    if (offset >= size_) return 0;
    size = std::min(size, size_ - offset);
    if (!kept_.empty()) {
      std::memcpy(buffer, kept_.data() + offset, size);
      return static_cast<int64_t>(size);
    }
    const std::lock_guard lock(mutex_);
    return ReadStream(offset, static_cast<char*>(buffer), size);
  }

  std::string note() const override {
    if (member_ != nullptr) return fmt::format("read {} from {}", Shown(member_->name), Shown(raw_->name()));
    return fmt::format("read {} unpacked", Shown(raw_->name()));
  }

 protected:
  const void* DoMap() override { return kept_.empty() ? Source::DoMap() : kept_.data(); }

 private:
  absl::StatusOr<std::unique_ptr<ByteStream>> Start() {
    std::unique_ptr<ByteStream> stream;
    if (member_ == nullptr) {
      stream = std::make_unique<packed::SourceStream>(&bytes_, 0, raw_->size());
    } else {
      RETURN_IF_ERROR(ToStatus(zip_.Read(*member_, stream)));
    }
    // A packed file in a zip file is unpacked, too: once.
    ASSIGN_OR_RETURN(const std::string head, TakeHead(*stream));
    const std::string shown = Shown(member_ == nullptr ? raw_->name() : member_->name);
    stream = std::make_unique<ResumedStream>(head, std::move(stream));
    if (IsGzip(head)) stream = packed::Inflate(std::move(stream), packed::Deflated::kGzip, shown);
    if (IsZstd(head)) stream = packed::UnpackZstd(std::move(stream), shown);
    return std::make_unique<BoundedStream>(std::move(stream), raw_->size(), Shown(raw_->name()));
  }

  // To the end once. What fits stays.
  absl::Status Measure() {
    ASSIGN_OR_RETURN(std::unique_ptr<ByteStream> stream, Start());
    const uint64_t most = job_.memory_bytes == 0 ? kMostKept : std::min(kMostKept, job_.memory_bytes / 8);
    std::vector<char> piece(kPiece);
    for (;;) {
      const int64_t got = stream->Read(piece.data(), piece.size());
      if (got < 0) return ToStatus(stream->status());
      if (got == 0) return absl::OkStatus();
      size_ += static_cast<uint64_t>(got);
      if (size_ <= most) {
        kept_.insert(kept_.end(), piece.begin(), piece.begin() + got);
      } else if (!kept_.empty()) {
        kept_ = {};
      }
    }
  }

  // Backwards means from the beginning again.
  int64_t ReadStream(uint64_t offset, char* buffer, uint64_t size) {
    if (stream_ == nullptr || offset < at_) {
      auto stream = Start();
      if (!stream.ok()) return -1;
      stream_ = *std::move(stream);
      at_ = 0;
    }
    std::vector<char> skipped(std::min<uint64_t>(offset - at_, kPiece));
    while (at_ < offset) {
      if (!Take(skipped.data(), std::min<uint64_t>(offset - at_, skipped.size()))) return -1;
    }
    const uint64_t end = offset + size;
    while (at_ < end) {
      if (!Take(buffer + (at_ - offset), end - at_)) return -1;
    }
    return static_cast<int64_t>(size);
  }

  bool Take(char* into, uint64_t size) {
    const int64_t got = stream_->Read(into, size);
    if (got <= 0) return false;
    at_ += static_cast<uint64_t>(got);
    return true;
  }

  const data::WorkerJob& job_;
  std::unique_ptr<Source> raw_;
  PackedBytes bytes_;
  Zip zip_;
  const ZipEntry* member_ = nullptr;
  std::string name_;
  uint64_t size_ = 0;
  std::vector<char> kept_;  // all of it, or nothing

  std::mutex mutex_;
  std::unique_ptr<ByteStream> stream_;  // guarded by mutex_, as is the next
  uint64_t at_ = 0;                     // where the stream stands
};

}  // namespace

absl::StatusOr<std::unique_ptr<Source>> Unpack(const data::WorkerJob& job, std::unique_ptr<Source>& raw) {
  if (job.unpack == "none") return nullptr;
  std::string head(kHead, '\0');
  const int64_t got = raw->Read(0, head.data(), kHead);
  if (got < 0) return absl::InternalError("the source could not be read");
  head.resize(static_cast<size_t>(got));
  if (!IsGzip(head) && !IsZstd(head) && !packed::LooksLikeZip(head)) return nullptr;
  auto unpacked = std::make_unique<UnpackedSource>(job, std::move(raw));
  const absl::StatusOr<bool> packed = unpacked->Prepare(head);
  RETURN_IF_ERROR(packed.status());
  if (*packed) return unpacked;
  raw = unpacked->GiveBack();
  return nullptr;
}

}  // namespace concordat::worker
