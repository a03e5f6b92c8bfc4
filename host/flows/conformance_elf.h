// What a shared library says of itself (ELF, System V ABI), read from its bytes and never by loading it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace concordat::flows {

/// A fault of a library and how its author mends it.
struct LibraryFault {
  std::string what;
  std::string mend;
};

struct LibraryFacts {
  std::vector<std::string> exported;  // dynamic symbols that others may bind to, in the file's order
  std::vector<std::string> needed;    // libraries that it asks for
  std::vector<LibraryFault> faults;   // empty: fit to be an adapter
};

/// For any bytes whatever: each read is checked against the size. Faults: no ELF shared object for this
/// machine, other symbols exported than concordat_adapter_init alone, unique symbols (STB_GNU_UNIQUE), text
/// relocations, RPATH or RUNPATH, an executable stack.
LibraryFacts ExamineLibrary(std::string_view bytes);

}  // namespace concordat::flows
