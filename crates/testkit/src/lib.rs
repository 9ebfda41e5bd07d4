//! For tests only: the reference model, the builder of spans, a clock one can set.
