#include "host/flows/conformance_elf.h"

#include <elf.h>

#include <cstring>
#include <optional>

#include "fmt/format.h"
#include "fmt/ranges.h"

namespace concordat::flows {
namespace {

constexpr std::string_view kSymbol = "concordat_adapter_init";
constexpr size_t kMostNamed = 5;

#if defined(__x86_64__)
constexpr unsigned kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kMachine = EM_AARCH64;
#else
constexpr unsigned kMachine = EM_NONE;
#endif

std::string MachineName(unsigned machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86-64";
    case EM_AARCH64:
      return "ARM 64";
    case EM_386:
      return "x86 with 32 bits";
    case EM_ARM:
      return "ARM with 32 bits";
    case EM_PPC64:
      return "POWER";
    case EM_S390:
      return "IBM Z";
    case EM_RISCV:
      return "RISC-V";
    default:
      return fmt::format("machine number {}", machine);
  }
}

/// The file's tables; nothing is believed before it was compared with the size.
class Library {
 public:
  explicit Library(std::string_view bytes) : bytes_(bytes) {}

  template <typename T>
  std::optional<T> At(uint64_t offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return value;
  }

  /// Up to its NUL, within the section.
  std::string Text(const Elf64_Shdr& strings, uint64_t at) const {
    if (at >= strings.sh_size || strings.sh_offset > bytes_.size() || at >= bytes_.size() - strings.sh_offset)
      return "";
    const std::string_view rest = bytes_.substr(strings.sh_offset + at, strings.sh_size - at);
    return std::string(rest.substr(0, rest.find('\0')));
  }

  std::optional<Elf64_Shdr> Section(const Elf64_Ehdr& header, unsigned index) const {
    if (index >= header.e_shnum || header.e_shentsize != sizeof(Elf64_Shdr)) return std::nullopt;
    return At<Elf64_Shdr>(header.e_shoff + uint64_t{index} * sizeof(Elf64_Shdr));
  }

  /// The first section of that type.
  std::optional<Elf64_Shdr> SectionOf(const Elf64_Ehdr& header, uint32_t type) const {
    for (unsigned i = 0; i < header.e_shnum; ++i) {
      const auto section = Section(header, i);
      if (section && section->sh_type == type) return section;
    }
    return std::nullopt;
  }

 private:
  const std::string_view bytes_;
};

void Blame(LibraryFacts& facts, std::string what, std::string mend) {
  facts.faults.push_back({std::move(what), std::move(mend)});
}

/// False when there is nothing more to read.
bool ReadHeader(std::string_view bytes, const Elf64_Ehdr& header, LibraryFacts& facts) {
  if (bytes.substr(0, SELFMAG) != ELFMAG) {
    Blame(facts, "it is no shared library: it does not begin as one",
          "build it: concordat adapter build DIR");
    return false;
  }
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
      header.e_machine != kMachine) {
    Blame(facts, fmt::format("it was built for another machine: {}", MachineName(header.e_machine)),
          fmt::format("build it on or for {}", MachineName(kMachine)));
    return false;
  }
  if (header.e_type != ET_DYN) {
    Blame(facts, "it is no shared library but another kind of object",
          "link it as a shared library (-shared)");
    return false;
  }
  return true;
}

void ReadSegments(const Library& library, const Elf64_Ehdr& header, LibraryFacts& facts) {
  bool stack = false;
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    const auto segment = library.At<Elf64_Phdr>(header.e_phoff + uint64_t{i} * header.e_phentsize);
    if (!segment || segment->p_type != PT_GNU_STACK) continue;
    stack = true;
    if ((segment->p_flags & PF_X) != 0)
      Blame(facts, "it asks for an executable stack",
            "link it with -Wl,-z,noexecstack; no nested functions, no assembler without .note.GNU-stack");
  }
  if (!stack)
    Blame(facts, "it does not say that its stack is not executable", "link it with -Wl,-z,noexecstack");
}

void ReadDynamic(const Library& library, const Elf64_Ehdr& header, LibraryFacts& facts) {
  const auto section = library.SectionOf(header, SHT_DYNAMIC);
  const auto strings = section ? library.Section(header, section->sh_link) : std::nullopt;
  if (!strings)
    return Blame(facts, "it has no dynamic section that can be read",
                 "link it again, and do not strip its section table");
  for (uint64_t at = 0; at + sizeof(Elf64_Dyn) <= section->sh_size; at += sizeof(Elf64_Dyn)) {
    const auto entry = library.At<Elf64_Dyn>(section->sh_offset + at);
    if (!entry || entry->d_tag == DT_NULL) break;
    if (entry->d_tag == DT_NEEDED) facts.needed.push_back(library.Text(*strings, entry->d_un.d_val));
    if (entry->d_tag == DT_RPATH || entry->d_tag == DT_RUNPATH) {
      Blame(facts,
            fmt::format("it carries a path to search for libraries ({})",
                        library.Text(*strings, entry->d_un.d_val)),
            "link it without -rpath: in the sandbox only the system's own folders can be read");
    }
    if (entry->d_tag == DT_TEXTREL || (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL) != 0))
      Blame(facts, "it has text relocations: its code would be written to while it is loaded",
            "compile every file with -fPIC");
  }
}

std::string Some(const std::vector<std::string>& names) {
  const std::vector<std::string> some(names.begin(),
                                      names.begin() + static_cast<long>(std::min(names.size(), kMostNamed)));
  return fmt::format("{}{}", fmt::join(some, ", "),
                     names.size() > kMostNamed ? fmt::format(" and {} more", names.size() - kMostNamed) : "");
}

void JudgeSymbols(const std::vector<std::string>& unique, LibraryFacts& facts) {
  std::vector<std::string> others;
  bool init = false;
  for (const std::string& name : facts.exported) {
    if (name == kSymbol)
      init = true;
    else
      others.push_back(name);
  }
  if (!init) {
    Blame(facts,
          fmt::format("it does not export {}: it is no adapter{}", kSymbol,
                      others.empty() ? "" : fmt::format(" (it exports {})", Some(others))),
          "end one file with CONCORDAT_ADAPTER(YourClass), or define the function with default visibility "
          "and C linkage");
  }
  if (init && !others.empty()) {
    Blame(facts, fmt::format("it exports {} symbols besides {}: {}", others.size(), kSymbol, Some(others)),
          "build it with concordat_add_adapter, or link it with -Wl,--version-script=exports.map of the SDK");
  }
  if (!unique.empty()) {
    Blame(facts,
          fmt::format("it has {} unique symbols, which would be shared between libraries: {}", unique.size(),
                      Some(unique)),
          "compile it with -fno-gnu-unique, or build it with concordat_add_adapter");
  }
}

void ReadSymbols(const Library& library, const Elf64_Ehdr& header, LibraryFacts& facts) {
  const auto section = library.SectionOf(header, SHT_DYNSYM);
  const auto strings = section ? library.Section(header, section->sh_link) : std::nullopt;
  if (!strings)
    return Blame(facts, "it has no table of symbols that can be read",
                 "link it again, and do not strip its section table");
  std::vector<std::string> unique;
  for (uint64_t at = 0; at + sizeof(Elf64_Sym) <= section->sh_size; at += sizeof(Elf64_Sym)) {
    const auto symbol = library.At<Elf64_Sym>(section->sh_offset + at);
    if (!symbol) break;
    const unsigned binding = ELF64_ST_BIND(symbol->st_info);
    const unsigned visibility = ELF64_ST_VISIBILITY(symbol->st_other);
    if (symbol->st_shndx == SHN_UNDEF || binding == STB_LOCAL) continue;
    if (visibility != STV_DEFAULT && visibility != STV_PROTECTED) continue;
    const std::string name = library.Text(*strings, symbol->st_name);
    if (binding == STB_GNU_UNIQUE)
      unique.push_back(name);
    else
      facts.exported.push_back(name);
  }
  JudgeSymbols(unique, facts);
}

}  // namespace

LibraryFacts ExamineLibrary(std::string_view bytes) {
  LibraryFacts facts;
  const Library library(bytes);
  const Elf64_Ehdr header = library.At<Elf64_Ehdr>(0).value_or(Elf64_Ehdr());
  if (!ReadHeader(bytes, header, facts)) return facts;
  ReadSegments(library, header, facts);
  ReadDynamic(library, header, facts);
  ReadSymbols(library, header, facts);
  return facts;
}

}  // namespace concordat::flows
