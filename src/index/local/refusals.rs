//! What the disk refused while it was written to: of a thread that ended by it, the engine says only that it ended.

use std::io::{self, BufWriter, Write};
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::directory::{AntiCallToken, TerminatingWrite, WritePtr};

/// The first refusal since it was asked for last.
#[derive(Clone, Debug, Default)]
pub struct Refusals(Arc<Mutex<Option<io::Error>>>);

impl Refusals {
    /// Notes why something could not be done, and passes it on.
    pub fn noted<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result {
            let same = match error.raw_os_error() {
                Some(code) => io::Error::from_raw_os_error(code),
                None => io::Error::new(error.kind(), error.to_string()),
            };
            self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(same);
        }
        result
    }

    /// What was noted.
    pub fn take(&self) -> Option<io::Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// A file of which every refusal is noted.
    pub fn of(&self, file: WritePtr) -> io::Result<WritePtr> {
        let room = file.capacity();
        let file = file.into_inner().map_err(|error| error.into_error())?;
        Ok(BufWriter::with_capacity(room, Box::new(Noted { file, refusals: self.clone() })))
    }
}

struct Noted {
    file: Box<dyn TerminatingWrite + Send + Sync>,
    refusals: Refusals,
}

impl Write for Noted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.refusals.noted(self.file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.refusals.noted(self.file.flush())
    }
}

impl TerminatingWrite for Noted {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.refusals.noted(self.file.terminate_ref(token))
    }
}
