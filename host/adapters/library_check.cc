#include "host/adapters/library_check.h"

#include <elf.h>
#include <link.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <vector>

#include "fmt/format.h"
#include "plugins/sdk/adapter_abi.h"

// The header of the running program, where the linker put it: what is built for this machine.
extern "C" const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

namespace concordat::adapters {
namespace {

constexpr uint32_t kOldestAbi = 1;
constexpr std::string_view kInit = CONCORDAT_ADAPTER_INIT;

std::string Unopened(const std::string& file, std::string_view why) {
  return fmt::format("its library could not be opened: {} {}", file, why);
}

bool StartsWith(std::string_view bytes, std::string_view magic) {
  return bytes.substr(0, magic.size()) == magic;
}

bool IsText(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 4096);
  return std::all_of(head.begin(), head.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 || c == '\n' || c == '\r' || c == '\t' || c == '\f';
  });
}

// Of what is no ELF file at all.
std::string WhatItIs(std::string_view bytes) {
  using std::string_view_literals::operator""sv;
  if (bytes.empty()) return "is empty";
  if (StartsWith(bytes, "version https://git-lfs"))
    return "is the pointer to a file that Git LFS keeps elsewhere: fetch it with \"git lfs pull\"";
  if (StartsWith(bytes, "<")) return "is a web page or XML under the name of a library: fetch it again";
  if (StartsWith(bytes, "#!")) return "is a script under the name of a library";
  if (StartsWith(bytes, "MZ")) return "is a library for Windows; build it for Linux";
  if (StartsWith(bytes, "\xCF\xFA\xED\xFE"sv) || StartsWith(bytes, "\xCA\xFE\xBA\xBE"sv))
    return "is a library for macOS; build it for Linux";
  if (StartsWith(bytes, "!<arch>")) return "is a static library (.a); link it as a shared one (-shared)";
  if (StartsWith(bytes, "PK")) return "is a zip archive; unpack it";
  if (IsText(bytes)) return "is a text file under the name of a library";
  return "is no shared library (ELF) at all";
}

std::string MachineName(unsigned machine) {
  switch (machine) {
    case EM_386:
      return "32-bit Intel (x86)";
    case EM_X86_64:
      return "64-bit Intel and AMD (x86-64)";
    case EM_ARM:
      return "32-bit ARM";
    case EM_AARCH64:
      return "64-bit ARM (aarch64)";
    case EM_PPC64:
      return "POWER (ppc64)";
    case EM_S390:
      return "IBM Z (s390)";
    case EM_RISCV:
      return "RISC-V";
    default:
      return fmt::format("a machine of ELF number {}", machine);
  }
}

/// A view of the file that never reads beyond it.
class ElfFile {
 public:
  explicit ElfFile(std::string_view bytes) : bytes_(bytes) {}

  template <typename T>
  std::optional<T> Read(uint64_t offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return value;
  }
  bool Holds(uint64_t offset, uint64_t size) const {
    return offset <= bytes_.size() && size <= bytes_.size() - offset;
  }
  // A text that ends with a NUL; empty outside.
  std::string_view Text(uint64_t offset) const {
    if (offset >= bytes_.size()) return {};
    const std::string_view rest = bytes_.substr(offset);
    return rest.substr(0, std::min(rest.find('\0'), rest.size()));
  }

 private:
  const std::string_view bytes_;
};

std::string WhyOtherMachine(const ElfFile& file, const std::string& name) {
  const auto ident = file.Read<std::array<unsigned char, EI_NIDENT>>(0);
  if (!ident) return Unopened(name, "is cut short: not even its header is whole; copy it again");
  const auto start = file.Read<ElfW(Half)>(EI_NIDENT + sizeof(ElfW(Half)));  // e_machine, after e_type
  if (!start) return Unopened(name, "is cut short: not even its header is whole; copy it again");
  const bool other_order = (*ident)[EI_DATA] != __ehdr_start.e_ident[EI_DATA];
  unsigned machine = *start;
  if (other_order) machine = (machine >> 8) | ((machine & 0xFF) << 8);
  if (machine == __ehdr_start.e_machine && (*ident)[EI_CLASS] == __ehdr_start.e_ident[EI_CLASS] &&
      !other_order)
    return "";
  return Unopened(
      name, fmt::format("is built for {}{}, and this machine is {}; build it here, or ask for the "
                        "library for this machine",
                        MachineName(machine), machine == __ehdr_start.e_machine ? " in another form" : "",
                        MachineName(__ehdr_start.e_machine)));
}

// Everything that the headers speak of lies within the file.
std::string WhyCut(const ElfFile& file, const ElfW(Ehdr) & header, const std::string& name) {
  const std::string cut = Unopened(name, "is cut short: its end is missing; copy it again");
  if (!file.Holds(header.e_phoff, uint64_t{header.e_phnum} * sizeof(ElfW(Phdr)))) return cut;
  if (header.e_shoff != 0 && !file.Holds(header.e_shoff, uint64_t{header.e_shnum} * sizeof(ElfW(Shdr))))
    return cut;
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    const auto part = file.Read<ElfW(Phdr)>(header.e_phoff + uint64_t{i} * sizeof(ElfW(Phdr)));
    if (part && part->p_type == PT_LOAD && !file.Holds(part->p_offset, part->p_filesz)) return cut;
  }
  return "";
}

// The names that it exports; nothing when it has no table of sections to find them by.
std::optional<std::vector<std::string_view>> ExportedNames(const ElfFile& file, const ElfW(Ehdr) & header) {
  for (unsigned i = 0; header.e_shoff != 0 && i < header.e_shnum; ++i) {
    const auto section = file.Read<ElfW(Shdr)>(header.e_shoff + uint64_t{i} * sizeof(ElfW(Shdr)));
    if (!section || section->sh_type != SHT_DYNSYM || section->sh_link >= header.e_shnum) continue;
    const auto names =
        file.Read<ElfW(Shdr)>(header.e_shoff + uint64_t{section->sh_link} * sizeof(ElfW(Shdr)));
    if (!names || !file.Holds(section->sh_offset, section->sh_size)) return std::nullopt;
    std::vector<std::string_view> found;
    for (uint64_t at = 0; at + sizeof(ElfW(Sym)) <= section->sh_size; at += sizeof(ElfW(Sym))) {
      const auto symbol = file.Read<ElfW(Sym)>(section->sh_offset + at);
      const unsigned visibility = symbol ? ELF64_ST_VISIBILITY(symbol->st_other) : STV_HIDDEN;
      if (!symbol || symbol->st_shndx == SHN_UNDEF) continue;
      if (visibility == STV_DEFAULT || visibility == STV_PROTECTED)
        found.push_back(file.Text(names->sh_offset + symbol->st_name));
    }
    return found;
  }
  return std::nullopt;
}

std::string WhyNoInit(const std::vector<std::string_view>& exported) {
  if (std::find(exported.begin(), exported.end(), kInit) != exported.end()) return "";
  const std::string lacks = fmt::format("its library does not export {}", kInit);
  for (const std::string_view name : exported) {
    if (StartsWith(name, "_Z") && name.find(kInit) != std::string_view::npos)
      return lacks + " under its plain name: declare it extern \"C\"";
  }
  const std::string near = Nearest(std::string(kInit), {exported.begin(), exported.end()});
  if (!near.empty())
    return fmt::format("{}: it is no adapter (it exports {}; a slip of the pen?)", lacks, near);
  return lacks + ": it is no adapter, or its functions are hidden (build it with concordat_add_adapter)";
}

}  // namespace

std::string WhyNoAdapter(std::string_view library, const std::string& name) {
  const ElfFile file(library);
  if (!StartsWith(library, ELFMAG)) return Unopened(name, WhatItIs(library));
  if (const std::string why = WhyOtherMachine(file, name); !why.empty()) return why;
  const auto header = file.Read<ElfW(Ehdr)>(0);
  if (!header) return Unopened(name, "is cut short: not even its header is whole; copy it again");
  if (header->e_type != ET_DYN || header->e_phentsize != sizeof(ElfW(Phdr)) ||
      (header->e_shnum != 0 && header->e_shentsize != sizeof(ElfW(Shdr)))) {
    return Unopened(name, header->e_type == ET_REL
                              ? "is an object file; link it as a shared library (-shared)"
                              : "is an ELF file, but no shared library; link it with -shared");
  }
  if (const std::string why = WhyCut(file, *header, name); !why.empty()) return why;
  const auto exported = ExportedNames(file, *header);
  return exported ? WhyNoInit(*exported) : "";
}

std::string WhyOtherAbi(const Manifest& manifest) {
  if (manifest.abi_min <= CONCORDAT_ABI && manifest.abi_max >= kOldestAbi) return "";
  const bool newer = manifest.abi_min > CONCORDAT_ABI;
  return fmt::format("its manifest says that it speaks {} of the adapter ABI, and this host speaks {}: {}",
                     manifest.abi_min == manifest.abi_max
                         ? fmt::format("version {}", manifest.abi_min)
                         : fmt::format("the versions {} to {}", manifest.abi_min, manifest.abi_max),
                     kOldestAbi == CONCORDAT_ABI
                         ? fmt::format("version {}", CONCORDAT_ABI)
                         : fmt::format("the versions {} to {}", kOldestAbi, CONCORDAT_ABI),
                     newer ? "install a newer Concordat, or a build of the adapter for this one"
                           : "build it against a newer plugins/sdk");
}

}  // namespace concordat::adapters
