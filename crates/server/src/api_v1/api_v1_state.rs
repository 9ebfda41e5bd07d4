//! What the handlers of API v1 share beyond the state of the server.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use parking_lot::Mutex;
use span::Timestamp;
use wire::api_v1::AnswerHead;

use super::service_numbers::ServiceNames;
use crate::app_state::AppState;

pub(super) struct ApiV1State {
    pub(super) app: Arc<AppState>,
    /// Differs for each process: a client sees by it that its cursor and its numbers of services are void.
    pub(super) epoch: String,
    pub(super) services: Mutex<ServiceNames>,
}

impl ApiV1State {
    pub(super) fn new(app: &Arc<AppState>) -> Self {
        let epoch = format!("{:016x}", RandomState::new().hash_one(std::process::id()));
        Self { app: Arc::clone(app), epoch, services: Mutex::default() }
    }

    /// The head of an answer that does without so many damaged segments.
    pub(super) fn head(&self, now: Timestamp, segments_left_out: usize) -> AnswerHead<'_> {
        AnswerHead { epoch: &self.epoch, now, segments_left_out }
    }
}
