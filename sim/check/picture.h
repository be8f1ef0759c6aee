// A few operations as a small picture in space and time: a line for each process, time to the
// right. Only the order of the ends is shown, not how long anything took.
//
//   process 1  |- write 20 -|
//   process 3                  |- read nil -|
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace seedbed {

struct PictureOp {
  std::string lane;  // "process 3"
  std::string label;
  std::uint64_t begin = 0;
  std::uint64_t end = ~std::uint64_t{0};  // never
};

/// Lanes come in the order of their first operation.
std::string draw_picture(const std::vector<PictureOp>& operations);

}  // namespace seedbed
