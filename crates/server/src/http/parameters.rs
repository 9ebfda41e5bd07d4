//! Parameters of paths and queries, or why they cannot be read.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query};

use crate::http::refusal::Refusal;

/// The variable part of a path, which axum may fail to decode.
pub(crate) type PathParameter = Result<Path<String>, PathRejection>;
/// The names and values behind the `?`, in their order.
pub(crate) type QueryParameters = Result<Query<Vec<(String, String)>>, QueryRejection>;

pub(crate) fn path_parameter(parameter: PathParameter) -> Result<String, Refusal> {
    let Path(text) = parameter.map_err(|error| Refusal::bad_request(error.body_text()))?;
    Ok(text)
}

pub(crate) fn query_parameters(parameters: QueryParameters) -> Result<Vec<(String, String)>, Refusal> {
    let Query(pairs) = parameters.map_err(|error| Refusal::bad_request(error.body_text()))?;
    Ok(pairs)
}
