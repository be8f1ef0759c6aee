// Whether this build is under the address sanitizer, which wants terabytes of addresses with no
// memory behind them: a limit on a process's addresses would end it at once. g++ says so by a
// macro, clang++ by a feature.
//
//   if (!kAddressSanitizer) limit_addresses();
#pragma once

namespace seedbed {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kAddressSanitizer = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kAddressSanitizer = true;
#else
inline constexpr bool kAddressSanitizer = false;
#endif
#else
inline constexpr bool kAddressSanitizer = false;
#endif

}  // namespace seedbed
