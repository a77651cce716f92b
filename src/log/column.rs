//! Columns: arrays of numbers, owned or borrowed from the head of a snapshot.
//!
//! A log of a million entries has some forty megabytes of them. Those of a snapshot stay in the buffer
//! they were read into: copying them would take as long as reading them.

use bytemuck::Pod;
use std::{fmt, ops::Deref, ops::Range, sync::Arc};

/// Buffer that the head of a snapshot was read into.
pub trait Memory: AsRef<[u8]> + Send + Sync {}

impl<T: AsRef<[u8]> + Send + Sync> Memory for T {}

/// An array of numbers.
#[derive(Clone)]
pub(super) enum Column<T> {
    Own(Vec<T>),
    Part(Arc<dyn Memory>, Range<usize>),
}

impl<T: Pod> Deref for Column<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Column::Own(own) => own,
            // `ColumnReader::next` has tested the length and the alignment.
            Column::Part(memory, place) => bytemuck::cast_slice(&(**memory).as_ref()[place.clone()]),
        }
    }
}

impl<T: Pod> Column<T> {
    /// Copies a borrowed column into an owned one that can grow.
    pub(super) fn to_mut(&mut self) -> &mut Vec<T> {
        if let Column::Part(..) = self {
            *self = Column::Own(self.to_vec());
        }
        match self {
            Column::Own(own) => own,
            Column::Part(..) => unreachable!("made its own above"),
        }
    }
}

impl<T> Default for Column<T> {
    fn default() -> Column<T> {
        Column::Own(Vec::new())
    }
}

impl<T> FromIterator<T> for Column<T> {
    fn from_iter<I: IntoIterator<Item = T>>(numbers: I) -> Column<T> {
        Column::Own(numbers.into_iter().collect())
    }
}

impl<T: Pod + PartialEq> PartialEq for Column<T> {
    fn eq(&self, other: &Column<T>) -> bool {
        **self == **other
    }
}

impl<T: Pod + fmt::Debug> fmt::Debug for Column<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Alignment of every column in bytes: that of the widest number.
const ALIGNED: usize = 8;

/// Writes columns one after another, each after its length, in the byte order of the machine: a cache
/// is not moved to another.
#[derive(Default)]
pub struct ColumnWriter(pub Vec<u8>);

impl ColumnWriter {
    pub fn write_slice<T: Pod>(&mut self, values: &[T]) {
        self.0.extend((values.len() as u64).to_ne_bytes());
        self.0.extend_from_slice(bytemuck::cast_slice(values));
        self.0.resize(self.0.len().next_multiple_of(ALIGNED), 0);
    }

    pub(super) fn write_iter<T: Pod>(&mut self, values: impl Iterator<Item = T>) {
        self.write_slice(&values.collect::<Vec<_>>());
    }
}

/// Reads the column at the start of `bytes`; `None` when it is shorter than its stated length.
pub fn read_values<T: Pod>(bytes: &[u8]) -> Option<Vec<T>> {
    Some(bytemuck::pod_collect_to_vec(&bytes[place::<T>(bytes, 0)?]))
}

/// Byte range of the numbers of the column at `at`.
fn place<T>(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let (count, rest) = bytes.get(at..)?.split_first_chunk()?;
    let len = usize::try_from(u64::from_ne_bytes(*count)).ok()?.checked_mul(size_of::<T>())?;
    let start = at + size_of_val(count);
    (len <= rest.len()).then(|| start..start + len)
}

/// Reads columns of a [`ColumnWriter`] in place.
pub(super) struct ColumnReader {
    memory: Arc<dyn Memory>,
    at: usize,
}

impl ColumnReader {
    pub(super) fn new(memory: Arc<dyn Memory>) -> ColumnReader {
        ColumnReader { memory, at: 0 }
    }

    /// The next column; `None` at the end, or when the bytes are cut off or not aligned.
    pub(super) fn next<T: Pod>(&mut self) -> Option<Column<T>> {
        let bytes = (*self.memory).as_ref();
        let place = place::<T>(bytes, self.at)?;
        bytemuck::try_cast_slice::<u8, T>(&bytes[place.clone()]).ok()?;
        self.at = place.end.next_multiple_of(ALIGNED);
        Some(Column::Part(self.memory.clone(), place))
    }
}

/// Bytes that begin at a multiple of eight.
#[cfg(test)]
pub(super) struct AlignedBytes(Vec<u64>, usize);

#[cfg(test)]
impl AlignedBytes {
    pub(super) fn of(bytes: &[u8]) -> AlignedBytes {
        AlignedBytes(bytemuck::pod_collect_to_vec(bytes), bytes.len())
    }
}

#[cfg(test)]
impl AsRef<[u8]> for AlignedBytes {
    fn as_ref(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.0)[..self.1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_in_place() {
        let mut packed = ColumnWriter::default();
        packed.write_slice(&[7_u16, 8, 9]);
        packed.write_iter([u64::MAX].into_iter());
        packed.write_slice::<u32>(&[]);
        packed.write_slice(&[[1_u32, 2]]);
        assert_eq!(read_values(&packed.0), Some(vec![7_u16, 8, 9]));
        // As aligned as what is read from a file is.
        let mut parts = ColumnReader::new(Arc::new(AlignedBytes::of(&packed.0)));
        let (mut small, large) = (parts.next::<u16>().expect("a table"), parts.next::<u64>().expect("a table"));
        assert_eq!((&*small, &*large), (&[7, 8, 9][..], &[u64::MAX][..]));
        assert_eq!(parts.next::<u32>(), Some(Column::default()));
        assert_eq!(parts.next::<[u32; 2]>(), Some(Column::Own(vec![[1, 2]])));
        assert_eq!(parts.next::<u8>(), None);
        small.to_mut().push(10);
        assert_eq!(*small, [7, 8, 9, 10]);
        // Cut off, or with a count of anything: no table, and no panic.
        for len in 0..packed.0.len() {
            let tables = || {
                let mut parts = ColumnReader::new(Arc::new(AlignedBytes::of(&packed.0[..len])));
                Some((parts.next::<u16>()?, parts.next::<u64>()?, parts.next::<u32>()?, parts.next::<[u32; 2]>()?))
            };
            assert_eq!(tables(), None, "{len}");
        }
        assert_eq!(read_values::<u64>(&u64::MAX.to_ne_bytes()), None);
    }
}
