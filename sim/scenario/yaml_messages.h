// yaml-cpp's complaints in words that help: what is wrong with this line, and what to look for.
#pragma once

#include <string>
#include <string_view>

namespace seedbed {

std::string readable_yaml_message(std::string_view message);

}  // namespace seedbed
