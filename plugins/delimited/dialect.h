// How a delimited file separates its cells.
#pragma once

namespace concordat::delimited {

struct Dialect {
  char delimiter = ',';
  char quote = '"';
  bool quoting = true;  // false: quotes are ordinary characters
};

}  // namespace concordat::delimited
