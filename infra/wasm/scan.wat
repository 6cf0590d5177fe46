;; Two scans of the memory $text by what is in $tables. Each returns the first position from $at on, or -1 if there is
;; none before $to, or one a little beyond. They may read 256 bytes beyond $to.
(module
  (import "memory" "text" (memory $text 1))
  (import "memory" "tables" (memory $tables 1))

  ;; After Teddy, of Hyperscan. The tables have, for each of three consecutive bytes and each half of one, the buckets, of
  ;; eight, with such a byte there. A position is found that has a bucket common to all six. Constants are in locals: as
  ;; literals V8 makes them again in each iteration, which takes twice the time.
  (func (export "find") (param $at i32) (param $to i32) (result i32)
    (local $low0 v128) (local $low1 v128) (local $low2 v128)
    (local $high0 v128) (local $high1 v128) (local $high2 v128)
    (local $half v128) (local $low v128) (local $high v128)
    (local $first v128) (local $second v128) (local $firstBefore v128) (local $secondBefore v128)
    (local $found v128)
    (local.set $low0 (v128.load $tables offset=0 (i32.const 0)))
    (local.set $high0 (v128.load $tables offset=16 (i32.const 0)))
    (local.set $low1 (v128.load $tables offset=32 (i32.const 0)))
    (local.set $high1 (v128.load $tables offset=48 (i32.const 0)))
    (local.set $low2 (v128.load $tables offset=64 (i32.const 0)))
    (local.set $high2 (v128.load $tables offset=80 (i32.const 0)))
    (local.set $half (v128.load $tables offset=96 (i32.const 0)))
    ;; A position is found at its last byte.
    (local.set $to (i32.add (local.get $to) (i32.const 2)))
    (loop $next
      (if (i32.ge_u (local.get $at) (local.get $to)) (then (return (i32.const -1))))
      (local.set $high (v128.load $text (local.get $at)))
      (local.set $low (v128.and (local.get $high) (local.get $half)))
      (local.set $high (v128.and (i16x8.shr_u (local.get $high) (i32.const 4)) (local.get $half)))
      (local.set $first
        (v128.and
          (i8x16.relaxed_swizzle (local.get $low0) (local.get $low))
          (i8x16.relaxed_swizzle (local.get $high0) (local.get $high))))
      (local.set $second
        (v128.and
          (i8x16.relaxed_swizzle (local.get $low1) (local.get $low))
          (i8x16.relaxed_swizzle (local.get $high1) (local.get $high))))
      (local.set $found
        (v128.and
          (v128.and
            (i8x16.shuffle 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29
              (local.get $firstBefore) (local.get $first))
            (i8x16.shuffle 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30
              (local.get $secondBefore) (local.get $second)))
          (v128.and
            (i8x16.relaxed_swizzle (local.get $low2) (local.get $low))
            (i8x16.relaxed_swizzle (local.get $high2) (local.get $high)))))
      (if (v128.any_true (local.get $found))
        (then
          (return
            (i32.add
              (i32.sub (local.get $at) (i32.const 2))
              (i32.ctz
                (i32.xor
                  (i8x16.bitmask (i8x16.eq (local.get $found) (v128.const i64x2 0 0)))
                  (i32.const 0xffff)))))))
      (local.set $firstBefore (local.get $first))
      (local.set $secondBefore (local.get $second))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br $next))
    (unreachable))

  ;; Examines the words of four bytes at every $step th position, folded: are the bits of both of their hashes set?
  (func (export "probe") (param $at i32) (param $to i32) (param $step i32) (result i32)
    (local $end i32)
    (loop $next
      (if (i32.ge_u (local.get $at) (local.get $to)) (then (return (i32.const -1))))
      (local.set $end (i32.add (local.get $at) (i32.shl (local.get $step) (i32.const 2))))
      (if
        (i32.and
          (i32.or
            (i32.or
              (call $first (local.get $at))
              (call $first (i32.add (local.get $at) (local.get $step))))
            (i32.or
              (call $first (i32.add (local.get $at) (i32.shl (local.get $step) (i32.const 1))))
              (call $first (i32.sub (local.get $end) (local.get $step)))))
          (i32.const 1))
        (then
          (loop $each
            (if
              (i32.and
                (i32.and (call $first (local.get $at)) (call $second (local.get $at)))
                (i32.const 1))
              (then (return (local.get $at))))
            (local.set $at (i32.add (local.get $at) (local.get $step)))
            (br_if $each (i32.lt_u (local.get $at) (local.get $end))))))
      (local.set $at (local.get $end))
      (br $next))
    (unreachable))

  ;; The lowest bit of these is that of a hash of the word at $at.
  (func $first (param $at i32) (result i32)
    (local $hash i32)
    (local.set $hash
      (i32.mul (i32.or (i32.load $text (local.get $at)) (i32.const 0x20202020)) (i32.const 0x9e3779b1)))
    (i32.shr_u
      (i32.load8_u $tables offset=1024 (i32.shr_u (local.get $hash) (i32.const 17)))
      (i32.and (i32.shr_u (local.get $hash) (i32.const 14)) (i32.const 7))))
  (func $second (param $at i32) (result i32)
    (local $hash i32)
    (local.set $hash
      (i32.mul (i32.or (i32.load $text (local.get $at)) (i32.const 0x20202020)) (i32.const 0x85ebca6b)))
    (i32.shr_u
      (i32.load8_u $tables offset=33792 (i32.shr_u (local.get $hash) (i32.const 18)))
      (i32.and (i32.shr_u (local.get $hash) (i32.const 15)) (i32.const 7)))))
