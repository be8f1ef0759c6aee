// The rules of the house that a machine can check, one function each. A rule looks at one file and
// adds what it finds; it decides by the file's path whether it has anything to say.
//
//   Findings findings;
//   one_draw(parse("protocols/raft/server.cpp", text), findings);
#pragma once

#include <set>
#include <string>

#include "tests/lint/source.h"

namespace seedbed::lint {

/// The names that sim/base/poison.h takes out of circulation: the lint's list is the compiler's.
std::set<std::string> poisoned_names(const Source& poison);

// How nondeterminism is kept out (names.cpp).
void forbidden_names(const Source& source, const std::set<std::string>& poisoned, Findings& out);
void real_numbers(const Source& source, Findings& out);
void ordered_pointers(const Source& source, Findings& out);
void one_draw(const Source& source, Findings& out);

// The floors (floors.cpp).
void includes_go_down(const Source& source, Findings& out);
void libraries_stay_in_their_room(const Source& source, Findings& out);
void nothing_prints(const Source& source, Findings& out);

// Form (form.cpp).
void layout(const Source& source, Findings& out);
void headers(const Source& source, Findings& out);
void sizes(const Source& source, Findings& out);
void mutable_globals(const Source& source, Findings& out);

}  // namespace seedbed::lint
